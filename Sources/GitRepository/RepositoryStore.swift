import Glibc
package import Identifiers
package import Logging
package import NIOPosix

/// The bare repositories of all apps, one directory each: `<root>/<app>.git`.
package struct RepositoryStore: Sendable {
    static let suffix = ".git"
    static let creationPrefix = ".creating-"
    static let checkPrefix = ".check-"

    let root: String
    /// Whether other servers may use the same place.
    let isShared: Bool
    /// How old a half-made repository must be to be nobody's, in seconds: making one takes milliseconds.
    var draftAge = 3600
    let pool: NIOThreadPool
    let git: GitTool
    let logger: Logger

    /// Takes the place where the repositories are or will be.
    ///
    /// - Parameters:
    ///   - root: A directory; made when the first repository is.
    ///   - isShared: Whether other servers may use it at the same time.
    ///   - pool: Where blocking work runs.
    ///   - git: The git that runs as a child.
    ///   - logger: Takes what operators must know and users need not.
    /// - Throws: ``RepositoryError`` when the path cannot be made absolute.
    package init(
        root: String, isShared: Bool = false, pool: NIOThreadPool, git: GitTool, logger: Logger = Logger(label: "git")
    ) throws(RepositoryError) {
        self.root = try Directory.absolute(root)
        self.isShared = isShared
        self.pool = pool
        self.git = git
        self.logger = logger
    }

    /// The repository of an app, which need not be there.
    package func repository(for app: AppName) -> Repository {
        var logger = logger
        logger[metadataKey: "app"] = "\(app)"
        return Repository(
            app: app, path: "\(root)/\(app.rawValue)\(Self.suffix)",
            lockPath: "\(root)/\(AppLock.directory)/\(app.rawValue)", pool: pool, git: git, logger: logger)
    }

    /// Whether an app has a repository.
    package func exists(_ app: AppName) async throws -> Bool {
        let head = repository(for: app).path + "/HEAD"
        return try await pool.blocking { Directory.exists(head) }
    }

    /// The repository of an app, made when it is not there.
    ///
    /// It appears whole or not at all, also to another process that makes it at the same moment.
    ///
    /// - Parameter app: Whose.
    /// - Returns: The repository, there and usable.
    /// - Throws: ``RepositoryError`` when the disk or libgit2 refuses.
    package func openOrCreate(_ app: AppName) async throws -> Repository {
        let repository = repository(for: app)
        let (root, path) = (root, repository.path)
        try await pool.blocking {
            if !Directory.exists(path + "/HEAD") { try Self.create(at: path, in: root) }
        }
        return repository
    }

    private static func create(at path: String, in root: String) throws(RepositoryError) {
        try Directory.createWithParents(root)
        let draft = "\(root)/\(creationPrefix)\(PushID.generate())"
        do throws(RepositoryError) {
            let handle = try RepositoryHandle(creatingAt: draft)
            try handle.configure("core.logAllRefUpdates", false)
            guard unsafe rename(draft, path) == 0 else { throw .system("put the new repository in its place") }
            try Directory.sync(root)
        } catch {
            try? Directory.remove(draft)
            // Somebody else was first: theirs is as good.
            guard error.kind == .system(errno: ENOTEMPTY) || error.kind == .system(errno: EEXIST) else { throw error }
        }
    }
}
