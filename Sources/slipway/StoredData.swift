import GitRepository
import Glibc
import Logging
import ObjectStorage
import Retries
import Settings
import SystemCalls

extension Retry {
    /// For work that nobody waits for at a push.
    static let inBackground = Retry(budget: .seconds(30)) { _, _ in }
}

/// The stores, opened beside a server that may run on them: for the subcommands that look and clean up.
struct StoredData: Sendable {
    let settings: Settings
    let stores: ObjectStores
    let pools = WorkPools()

    /// Opens the stores of an existing data directory.
    ///
    /// - Throws: ``StartError``, one line that names the setting; `ObjectStoreError`.
    init(_ settings: Settings) async throws {
        self.settings = settings
        guard unsafe access(settings.dataDirectory, R_OK | W_OK | X_OK) == 0 else {
            throw StartError("data-dir: \(settings.dataDirectory): \(ErrorNumber.last)")
        }
        // Of what the server makes first; the directory itself can be somebody else's, as volumes of pods are root's.
        var status = stat()
        guard
            unsafe stat(settings.dataDirectory + "/lock", &status) == 0
                || stat(settings.dataDirectory, &status) == 0, status.st_uid == geteuid()
        else {
            // What root makes there, the server could not open.
            throw StartError(
                "data-dir: the server of \(settings.dataDirectory) is user \(status.st_uid): run this as that user")
        }
        stores = try ObjectStores(settings, directory: settings.dataDirectory + "/store", pools: pools)
        // Not when it is used: people wait here, and what is tried again there fails here at once.
        try await stores.open()
    }

    /// The repositories, which a server may be using.
    func repositories() throws -> RepositoryStore {
        try RepositoryStore(settings, pool: pools.repositories, git: try GitTool.locate())
    }
}
