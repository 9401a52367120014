import Synchronization

extension Task where Failure == any Error {
    /// The task's value, or an end to the waiting when the caller is cancelled; the task itself goes on.
    ///
    /// `value` alone would have the caller wait for a task that serves others too.
    var promptValue: Success {
        get async throws {
            let waiter = PromptWaiter<Success>()
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    waiter.wait(continuation)
                    Task<Void, Never> { waiter.end(await self.result) }
                }
            } onCancel: {
                waiter.end(.failure(Swift.CancellationError()))
            }
        }
    }
}

/// Resumes one continuation once, whichever of two ends comes first, also before it waits.
private final class PromptWaiter<Success: Sendable>: Sendable {
    private struct State {
        var continuation: CheckedContinuation<Success, any Error>?
        var result: Result<Success, any Error>?
    }

    private let state = Mutex(State())

    func wait(_ continuation: CheckedContinuation<Success, any Error>) {
        let result = state.withLock { state in
            if state.result == nil { state.continuation = continuation }
            return state.result
        }
        if let result { continuation.resume(with: result) }
    }

    func end(_ result: Result<Success, any Error>) {
        let continuation = state.withLock { state in
            if state.result == nil { state.result = result }
            return state.continuation.take()
        }
        continuation?.resume(with: result)
    }
}
