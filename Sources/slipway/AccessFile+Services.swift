import Access
import Logging
import SSHServer
import ServiceLifecycle

/// The access file says whose a key is.
extension AccessFile: KeyAuthenticator {
    package func userName(forKeyBlob blob: [UInt8]) -> String? {
        rules.user(forKeyBlob: blob)?.name
    }
}

/// Errors that name the setting and the file.
extension AccessFile {
    /// Reads the file.
    ///
    /// - Throws: ``StartError``, one line.
    static func load(_ path: String, logger: Logger) throws(StartError) -> AccessFile {
        do {
            return try AccessFile(path: path, logger: logger)
        } catch {
            throw StartError("access-file: \(path): \(error)")
        }
    }

    /// Makes an example where there is no file.
    ///
    /// - Returns: Whether it was made.
    /// - Throws: ``StartError``, one line.
    static func makeTemplate(at path: String) throws(StartError) -> Bool {
        do {
            return try createTemplate(at: path)
        } catch {
            throw StartError("access-file: \(path): \(error)")
        }
    }
}

/// Keeps the access rules up to date until the shutdown.
struct AccessFileService: Service {
    let file: AccessFile

    func run() async throws {
        await cancelWhenGracefulShutdown { await file.run() }
    }
}
