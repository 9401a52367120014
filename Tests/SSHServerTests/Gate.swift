import Synchronization

/// Holds handlers up until the test opens it.
final class Gate: Sendable {
    private let stream: AsyncStream<Void>
    private let opener: AsyncStream<Void>.Continuation

    init() { (stream, opener) = AsyncStream.makeStream() }

    func open() { opener.finish() }

    /// Returns when the gate is open or the task is cancelled.
    func pass() async {
        for await _ in stream {}
    }
}
