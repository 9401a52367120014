package import GitRepository
package import Identifiers
package import ObjectStorage
package import Retries

/// Deletes all of an app, its repository and its objects, so that a new app of that name starts empty.
///
/// Safe beside a server that runs on the same repositories, also in another process: it waits until nobody pushes to the
/// app or fetches from it, and they wait for it. When it is interrupted, the same again finishes it.
package struct AppDeletion: Sendable {
    /// Objects that go at once: a delete request of S3 takes 1,000.
    private static let batchSize = 500

    private let store: any ObjectStore
    private let repositories: RepositoryStore
    private let retry: Retry

    /// Makes a deletion of one app or many.
    ///
    /// - Parameters:
    ///   - store: Where the objects are.
    ///   - repositories: Where the repositories are: the same directory that the server has.
    ///   - retry: For what is asked of the store, a listing apart.
    package init(store: any ObjectStore, repositories: RepositoryStore, retry: Retry = .never) {
        self.store = store
        self.repositories = repositories
        self.retry = retry
    }

    /// Looks what there is of an app, to ask before it is deleted.
    ///
    /// - Parameter app: Whose.
    /// - Returns: What would go.
    /// - Throws: `ObjectStoreError`, `RepositoryError`, `CancellationError`.
    package func survey(_ app: AppName) async throws -> AppContents {
        var contents = AppContents(app: app, hasRepository: try await repositories.hasTraces(of: app))
        for try await object in store.list(prefix: Self.prefix(app)) { contents.add(object) }
        return contents
    }

    /// Deletes an app.
    ///
    /// - Parameters:
    ///   - app: Which.
    ///   - patience: How long to wait for pushes and fetches to end.
    /// - Returns: What went.
    /// - Throws: `AppBusyError` when they did not end, and nothing was deleted then; `ObjectStoreError`,
    ///   `RepositoryError`, `CancellationError`, after which some may be left: delete it again.
    package func run(
        _ app: AppName, patience: Duration = RepositoryStore.deletionPatience
    ) async throws -> AppContents {
        let (hadRepository, objects) = try await repositories.delete(app, patience: patience) {
            try await deleteObjects(of: app)
        }
        return AppContents(app: app, hasRepository: hadRepository, objects: objects.objects, bytes: objects.bytes)
    }

    /// Deletes whatever is in the app's place, whatever its name.
    private func deleteObjects(of app: AppName) async throws -> AppContents {
        var deleted = AppContents(app: app, hasRepository: false)
        var batch: [ObjectMetadata] = []
        for try await object in store.list(prefix: Self.prefix(app)) {
            batch.append(object)
            guard batch.count == Self.batchSize else { continue }
            try await delete(&batch, &deleted)
        }
        try await delete(&batch, &deleted)
        return deleted
    }

    private func delete(_ batch: inout [ObjectMetadata], _ deleted: inout AppContents) async throws {
        guard !batch.isEmpty else { return }
        let keys = batch.map(\.key)
        try await retry.run { try await store.delete(keys) }
        for object in batch { deleted.add(object) }
        batch = []
    }

    /// With the "/": another app's name may begin with this one's.
    private static func prefix(_ app: AppName) -> String { "apps/\(app)/" }
}
