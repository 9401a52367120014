/// The bytes of a log in chunks, none empty; each iteration reads anew.
package struct BuildLogContent: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    package typealias Failure = any Error

    let reader: BuildLogReader
    let offset: Int64
    let follow: Bool

    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(reading: LogReading(reader, offset: offset, follow: follow))
    }

    /// Reads the chunks.
    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var reading: LogReading

        package mutating func next() async throws -> [UInt8]? { try await reading.next() }
    }
}
