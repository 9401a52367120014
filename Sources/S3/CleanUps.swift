import Synchronization

/// Work that goes on after its put has failed, or was cancelled.
final class CleanUps: Sendable {
    private struct State {
        var tasks: [UInt64: Task<Void, Never>] = [:]
        var nextID: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Begins work in a task of its own, which no cancellation reaches.
    ///
    /// - Parameter work: It must end by itself.
    func begin(_ work: @escaping @Sendable () async -> Void) {
        state.withLock { state in
            state.nextID += 1
            let id = state.nextID
            state.tasks[id] = Task.detached { [weak self] in
                await work()
                self?.end(id)
            }
        }
    }

    /// Waits for all work.
    func finish() async {
        while let task = state.withLock({ state in state.tasks.first?.value }) { await task.value }
    }

    private func end(_ id: UInt64) { state.withLock { state in _ = state.tasks.removeValue(forKey: id) } }
}
