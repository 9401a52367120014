import Synchronization

/// The builds that this process runs just now, and those whose Jobs it could not remove, by their ids.
final class RunningBuilds: Sendable {
    private struct State {
        var running: Set<String> = []
        var left: Set<String> = []
    }

    private let state = Mutex(State())

    func contains(_ id: String) -> Bool { state.withLock { $0.running.contains(id) } }

    /// Builds whose Jobs may be there still although nobody waits for them.
    var left: Set<String> { state.withLock { $0.left } }

    /// Takes note that a build's Job could not be removed.
    func leave(_ id: String) { state.withLock { _ = $0.left.insert(id) } }

    /// Takes note that these have no Job any more.
    func forget(_ ids: Set<String>) { state.withLock { $0.left.subtract(ids) } }

    /// Does something while a build counts as running.
    func run<Result>(_ id: String, _ body: () async throws -> Result) async throws -> Result {
        state.withLock { state in
            state.running.insert(id)
            // It is tried again, and may find its Job.
            state.left.remove(id)
        }
        defer { state.withLock { _ = $0.running.remove(id) } }
        return try await body()
    }
}
