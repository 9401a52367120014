/// The rest of an answer's body as a stream: what comes in many small pieces is read in few large ones, and a silence
/// has an end.
///
/// A task of its own reads ahead, by no more than ``capacity`` bytes; then the server has to wait. It ends when the
/// stream is let go, and closes the connection.
final class BodyStream: Sendable {
    /// A log of short lines comes line by line; this many bytes wait for the reader at most, and one piece more.
    static let capacity = 64 << 10

    private let mailbox = Mailbox(capacity: capacity)
    private let pump: Task<Void, Never>

    /// Begins to read ahead.
    ///
    /// - Parameter reader: The body; nobody else may read it.
    init(_ reader: BodyReader) {
        pump = Task { [mailbox] in
            do {
                while let bytes = try await reader.next() {
                    guard await mailbox.put(bytes) else { return }
                }
                mailbox.finish(nil)
            } catch {
                mailbox.finish(error)
            }
        }
    }

    deinit {
        pump.cancel()
        mailbox.close()
    }

    /// Waits for what comes next.
    ///
    /// - Parameter limit: How long.
    /// - Returns: All that has come, the end, or a silence.
    /// - Throws: Errors of the connection, `CancellationError`.
    func next(within limit: Duration) async throws -> Mailbox.Piece { try await mailbox.take(within: limit) }
}
