import NIOCore

/// A buffer in slices that share its memory.
struct BufferSlices: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let buffer: ByteBuffer
    let size: Int

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: buffer, size: size) }

    /// Gives the slices.
    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var rest: ByteBuffer
        fileprivate let size: Int

        mutating func next() async -> ByteBuffer? {
            guard rest.readableBytes > 0 else { return nil }
            return rest.readSlice(length: Swift.min(size, rest.readableBytes))
        }
    }
}
