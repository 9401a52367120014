import Synchronization

/// The builds that this process runs just now, by their ids.
final class RunningBuilds: Sendable {
    private let ids = Mutex<Set<String>>([])

    func contains(_ id: String) -> Bool { ids.withLock { $0.contains(id) } }

    /// Does something while a build counts as running.
    func run<Result>(_ id: String, _ body: () async throws -> Result) async throws -> Result {
        _ = ids.withLock { $0.insert(id) }
        defer { _ = ids.withLock { $0.remove(id) } }
        return try await body()
    }
}
