import Synchronization

/// Lets so many builds run at a time; the others wait in the order in which they came.
package final class BuildSlots: Sendable {
    private struct State {
        var free: Int
        var nextWaiter = 0
        var waiting: [(id: Int, continuation: CheckedContinuation<Void, any Error>)] = []
    }

    package let limit: Int
    private let state: Mutex<State>

    package init(limit: Int) {
        self.limit = max(1, limit)
        state = Mutex(State(free: max(1, limit)))
    }

    /// Runs `body` in a slot.
    ///
    /// - Parameters:
    ///   - onWait: Called first when there is no free slot, with the number of those who wait already.
    ///   - body: What to do in the slot.
    /// - Returns: What `body` returns.
    /// - Throws: `CancellationError` when cancelled while waiting, and what the closures throw.
    package func withSlot<Result>(
        onWait: (_ ahead: Int) async throws -> Void, body: () async throws -> Result
    ) async throws -> Result {
        if !takeFree() {
            try await onWait(state.withLock { $0.waiting.count })
            try await wait()
        }
        defer { release() }
        return try await body()
    }

    private func takeFree() -> Bool {
        state.withLock { state in
            guard state.free > 0 else { return false }
            state.free -= 1
            return true
        }
    }

    private func wait() async throws {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                // A cancellation before this finds nobody waiting; one after it does.
                let verdict: Swift.Result<Void, any Error>? = state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.free > 0 {
                        state.free -= 1
                        return .success(())
                    }
                    state.waiting.append((id, continuation))
                    return nil
                }
                if let verdict { continuation.resume(with: verdict) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0) }
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    private func release() {
        let next = state.withLock { state in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst().continuation as Optional }
            state.free += 1
            return nil
        }
        next?.resume()
    }
}
