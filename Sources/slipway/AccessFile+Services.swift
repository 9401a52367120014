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
    /// Why the access file cannot be used.
    struct Unusable: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads the file.
    ///
    /// - Throws: ``Unusable``, one line.
    static func load(_ path: String, logger: Logger) throws(Unusable) -> AccessFile {
        do {
            return try AccessFile(path: path, logger: logger)
        } catch {
            throw Unusable(description: "access-file: \(path): \(error)")
        }
    }

    /// Makes an example where there is no file.
    ///
    /// - Returns: Whether it was made.
    /// - Throws: ``Unusable``, one line.
    static func makeTemplate(at path: String) throws(Unusable) -> Bool {
        do {
            return try createTemplate(at: path)
        } catch {
            throw Unusable(description: "access-file: \(path): \(error)")
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
