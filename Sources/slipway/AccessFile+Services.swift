import Access
import SSHServer
import ServiceLifecycle

/// The access file says whose a key is.
extension AccessFile: KeyAuthenticator {
    package func userName(forKeyBlob blob: [UInt8]) -> String? {
        rules.user(forKeyBlob: blob)?.name
    }
}

/// Keeps the access rules up to date until the shutdown.
struct AccessFileService: Service {
    let file: AccessFile

    func run() async throws {
        await cancelWhenGracefulShutdown { await file.run() }
    }
}
