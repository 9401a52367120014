package import Identifiers
package import ObjectStorage
package import Retries

/// Reads the log of a build, also while the build runs and after the server crashed with it.
package struct BuildLogReader: Sendable {
    /// How often somebody who follows a log looks for more.
    package static let pollInterval = Duration.seconds(1)

    let store: any ObjectStore
    let app: AppName
    let id: PushID
    let keys: BuildKeys
    let retry: Retry
    let pollInterval: Duration

    /// Makes a reader; it touches nothing before it reads.
    ///
    /// - Parameters:
    ///   - store: Where the log is.
    ///   - app: Whose build it is.
    ///   - id: Which build.
    ///   - retry: For each request to the store.
    ///   - pollInterval: How often to look for more when a log is followed.
    /// - Throws: `ObjectKeyError`, for no app and id that are ones.
    package init(
        store: any ObjectStore, app: AppName, id: PushID, retry: Retry = .never,
        pollInterval: Duration = BuildLogReader.pollInterval
    ) throws(ObjectKeyError) {
        self.store = store
        self.app = app
        self.id = id
        self.keys = try BuildKeys(app: app, id: id.rawValue)
        self.retry = retry
        self.pollInterval = pollInterval
    }

    /// Reads the log: all of it when the build has ended, else what is stored so far.
    ///
    /// - Parameters:
    ///   - offset: The first byte wanted; a log that ends before it has no bytes.
    ///   - follow: Whether to go on until the record says that the build has ended. The record of a build that the
    ///     server crashed with says so only when a sweep has found it.
    /// - Returns: The bytes as they come, each once. Its errors are ``BuildLogError``, `ObjectStoreError` and
    ///   `CancellationError`.
    package func read(from offset: Int64 = 0, follow: Bool = false) -> BuildLogContent {
        BuildLogContent(reader: self, offset: offset, follow: follow)
    }

    /// Finds the build of an app that started last.
    ///
    /// - Parameters:
    ///   - app: The app.
    ///   - store: Where its builds are.
    /// - Returns: Its id; nil when there is none.
    /// - Throws: `ObjectStoreError`, `CancellationError`.
    package static func latestBuild(of app: AppName, in store: any ObjectStore) async throws -> PushID? {
        let prefix = "apps/\(app.rawValue)/builds/"
        var latest: PushID?
        for try await object in store.list(prefix: prefix) {
            let name = object.key.rawValue.dropFirst(prefix.count).prefix { $0 != "/" }
            // Listings are in the order of the ids, which is that of time; what is named otherwise is no build.
            if let id = PushID(String(name)) { latest = id }
        }
        return latest
    }
}
