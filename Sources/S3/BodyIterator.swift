import AsyncHTTPClient
import NIOCore

/// The iterator of a response's body, between two reads.
///
/// Unchecked, because the iterator says that it is not Sendable: it must not be used by two tasks at once. Whoever
/// holds this value is the only one who does: ``S3ObjectReading`` takes it out of its lock for each read.
struct BodyIterator: @unchecked Sendable {
    private var iterator: HTTPClientResponse.Body.AsyncIterator

    /// Begins to read a body.
    init(_ body: HTTPClientResponse.Body) { iterator = body.makeAsyncIterator() }

    /// The next bytes.
    ///
    /// - Returns: nil at the end.
    /// - Throws: Errors of the connection.
    @concurrent
    mutating func next() async throws -> ByteBuffer? { try await iterator.next() }
}
