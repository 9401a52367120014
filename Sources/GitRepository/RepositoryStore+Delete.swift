import Glibc
package import Identifiers

extension RepositoryStore {
    /// What a repository is called while it is removed: `.deleting-<app>.<id>`; an app's name has no dot.
    static let deletionPrefix = ".deleting-"

    /// How long a deletion waits for pushes and fetches to end, unless it is told otherwise.
    package static let deletionPatience: Duration = .seconds(10)

    /// Whether an app has a repository, or a deletion that was interrupted left some of it.
    ///
    /// - Parameter app: Whose.
    /// - Returns: False when there is nothing to delete.
    /// - Throws: ``RepositoryError`` when the directory of the repositories cannot be read.
    package func hasTraces(of app: AppName) async throws -> Bool {
        let (root, path) = (root, repository(for: app).path)
        return try await pool.blocking { try Directory.exists(path) || !Self.moved(app, in: root).isEmpty }
    }

    /// Deletes an app's repository, and what else there is of it, while nobody pushes to it or fetches from it.
    ///
    /// Safe beside a server that runs: pushes and fetches that come meanwhile wait. The repository goes in one step;
    /// when it is interrupted after that, the same call again finishes it.
    ///
    /// - Parameters:
    ///   - app: Whose; one that has no repository is fine.
    ///   - patience: How long to wait for pushes and fetches that run.
    ///   - body: Deletes the rest, with the repository out of the way and the app still locked.
    /// - Returns: Whether there was a repository or a part of one, and what `body` returns.
    /// - Throws: ``AppBusyError`` when somebody used the app all that time, ``RepositoryError``, what `body` throws.
    package func delete<R>(
        _ app: AppName, patience: Duration = RepositoryStore.deletionPatience, _ body: () async throws -> R
    ) async throws -> (hadRepository: Bool, result: R) {
        let repository = repository(for: app)
        let (root, path) = (root, repository.path)
        let lock = try await AppLock.acquire(repository.lockPath, .exclusive, patience: patience, on: pool)
        guard let lock else { throw AppBusyError(app: app, use: try await use(of: repository)) }
        defer { lock.release() }
        let hadRepository = try await pool.blocking {
            let target = "\(root)/\(Self.deletionPrefix)\(app.rawValue).\(PushID.generate())"
            if Directory.exists(path) {
                try Directory.move(path, to: target)
                try Directory.sync(root)
            }
            return try !Self.moved(app, in: root).isEmpty
        }
        let result = try await body()
        try await pool.blocking {
            for name in try Self.moved(app, in: root) { try Directory.remove("\(root)/\(name)") }
            lock.removeFile()
        }
        return (hadRepository, result)
    }

    /// The app's repositories that are on their way out.
    private static func moved(_ app: AppName, in root: String) throws(RepositoryError) -> [String] {
        let prefix = "\(deletionPrefix)\(app.rawValue)."
        return try Directory.names(in: root).filter { $0.hasPrefix(prefix) }
    }

    /// Who holds the lock of an app, as far as it can be seen.
    private func use(of repository: Repository) async throws -> AppBusyError.Use {
        let (root, path, app) = (root, repository.objectsPath, repository.app)
        return try await pool.blocking {
            let pushes = try Directory.names(in: path).filter { $0.hasPrefix(Quarantine.directoryPrefix) }
            if !pushes.isEmpty { return .pushes(pushes.map { String($0.dropFirst(Quarantine.directoryPrefix.count)) }) }
            return try Self.moved(app, in: root).isEmpty ? .fetch : .deletion
        }
    }
}
