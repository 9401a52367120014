import Glibc
import Logging
import ObjectStorage
import Settings
import SystemCalls

extension StoreRetry {
    /// For work that nobody waits for at a push.
    static let inBackground = StoreRetry(budget: .seconds(30)) { _, _ in }
}

/// The stores, opened beside a server that may run on them: for the subcommands that look and clean up.
struct StoredData: Sendable {
    let settings: Settings
    let stores: ObjectStores
    let pools = WorkPools()

    /// Opens the stores of an existing data directory.
    ///
    /// - Throws: ``StartError``, one line that names the setting.
    init(_ settings: Settings) throws {
        self.settings = settings
        guard unsafe access(settings.dataDirectory, R_OK | W_OK | X_OK) == 0 else {
            throw StartError("data-dir: \(settings.dataDirectory): \(ErrorNumber.last)")
        }
        var status = stat()
        guard unsafe stat(settings.dataDirectory, &status) == 0, status.st_uid == geteuid() else {
            // What root makes there, the server could not open.
            throw StartError(
                "data-dir: \(settings.dataDirectory) belongs to user \(status.st_uid): run this as that user")
        }
        stores = try ObjectStores(settings, directory: settings.dataDirectory + "/store", pools: pools)
    }

    /// Where the server keeps repositories.
    var repositories: String { settings.dataDirectory + "/repositories" }
}
