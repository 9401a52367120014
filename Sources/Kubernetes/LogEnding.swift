import Synchronization

/// Lets the reader of a log know that its container has ended, as somebody else has seen.
///
/// By itself, a reader that waits for bytes cannot tell a quiet container from a connection that died without a word.
final class LogEnding: Sendable {
    private struct State {
        var isExpected = false
        /// Ends what the reader waits for at the moment.
        var interrupt: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// Whether the container has ended.
    var isExpected: Bool { state.withLock { $0.isExpected } }

    /// Notes that the container has ended, and interrupts its reader.
    func expect() {
        let interrupt = state.withLock { state in
            state.isExpected = true
            return state.interrupt.take()
        }
        interrupt?()
    }

    /// Does work that is given up once the end is expected; one at a time.
    ///
    /// - Parameter work: It has to heed cancellation: this returns when it has ended.
    /// - Returns: What `work` returns; nil when it was given up.
    /// - Throws: What `work` throws, `CancellationError`.
    func interrupting<Success: Sendable>(
        _ work: @escaping @Sendable () async throws -> Success
    ) async throws -> Success? {
        let task = Task { try await work() }
        return try await withTaskCancellationHandler {
            let isLate = state.withLock { state in
                if !state.isExpected { state.interrupt = { task.cancel() } }
                return state.isExpected
            }
            if isLate { task.cancel() }
            defer { state.withLock { $0.interrupt = nil } }
            do {
                return try await task.value
            } catch {
                // However the work puts its cancellation; and a failure of the same moment is met again.
                guard isExpected, !Task.isCancelled else { throw error }
                return nil
            }
        } onCancel: {
            task.cancel()
        }
    }
}
