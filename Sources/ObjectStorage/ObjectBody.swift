/// The content of an object in chunks of at most ``maximumChunk`` bytes, none empty; to be read once.
package struct ObjectBody: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    package typealias Failure = any Error

    /// The most bytes in one chunk, 256 KiB: larger ones made copying no faster and memory dearer.
    package static let maximumChunk = 256 << 10

    private let nextChunk: @Sendable () async throws -> [UInt8]?

    /// Makes a body of a function.
    ///
    /// - Parameter nextChunk: Gives one chunk after the other, then nil.
    package init(nextChunk: @escaping @Sendable () async throws -> [UInt8]?) {
        self.nextChunk = nextChunk
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(nextChunk: nextChunk) }

    /// Reads the chunks.
    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let nextChunk: @Sendable () async throws -> [UInt8]?

        package mutating func next() async throws -> [UInt8]? {
            try Task.checkCancellation()
            return try await nextChunk()
        }
    }
}
