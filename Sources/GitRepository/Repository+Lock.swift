extension Repository {
    /// How long a push or fetch waits for the deletion of its app: that of a large one takes its time.
    private static let deletionPatience: Duration = .seconds(60)

    /// Runs `body` while the app cannot be deleted.
    ///
    /// - Parameter body: Uses the repository, and the app's objects.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws; ``AppDeletedError`` when the app is being deleted for longer than is waited;
    ///   ``RepositoryError`` when the lock cannot be had.
    func whileNotDeleted<R>(_ body: () async throws -> R) async throws -> R {
        let lock = try await AppLock.acquire(lockPath, .shared, patience: Self.deletionPatience, on: pool)
        guard let lock else { throw AppDeletedError(app: app) }
        defer { lock.release() }
        return try await body()
    }
}
