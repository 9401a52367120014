import AsyncHTTPClient
import NIOCore

/// The rest of an answer's body.
///
/// Unchecked, because the iterator says that it is not Sendable: it must not be used by two tasks at once. Whoever holds
/// a reader waits for each ``next()`` before the following one; the class only carries it into the task that reads.
/// When the last reference goes, the HTTP client closes the connection unless the body was read to its end.
final class BodyReader: @unchecked Sendable {
    private var iterator: HTTPClientResponse.Body.AsyncIterator

    /// Begins to read a body.
    init(_ body: HTTPClientResponse.Body) { iterator = body.makeAsyncIterator() }

    /// The next bytes; nil at the end.
    @concurrent
    func next() async throws -> [UInt8]? {
        try await iterator.next().map { Array($0.readableBytesView) }
    }
}
