import Logging
import NIOPosix

extension Repository {
    /// Gives a push a place for its objects for as long as `body` runs.
    ///
    /// The directory is removed when `body` ends, also when it throws or its task is cancelled. Until then the app cannot
    /// be deleted.
    ///
    /// - Parameters:
    ///   - push: The id of the push: letters, digits and "-".
    ///   - body: Takes the objects in, checks them, promotes them.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws, ``AppDeletedError`` when there is no repository, or ``RepositoryError`` when the
    ///   directory cannot be made.
    package func withQuarantine<R>(push: String, _ body: (Quarantine) async throws -> R) async throws -> R {
        guard !push.isEmpty, push.utf8.allSatisfy(Self.isPlain) else {
            throw RepositoryError(
                kind: .invalid, operation: "open a quarantine",
                detail: "expected a push id of letters, digits and \"-\"")
        }
        return try await whileNotDeleted { try await withQuarantineHeld(push, body) }
    }

    private func withQuarantineHeld<R>(
        _ push: String, _ body: (Quarantine) async throws -> R
    ) async throws -> R {
        let path = "\(objectsPath)/\(Quarantine.directoryPrefix)\(push)"
        let (app, objectsPath) = (app, objectsPath)
        try await pool.blocking {
            // It was there before the lock was: whoever deleted it was faster.
            guard Directory.exists(objectsPath) else { throw AppDeletedError(app: app) }
            try Directory.create(path)
        }
        let result: R
        do {
            result = try await body(Quarantine(repository: self, path: path))
        } catch {
            await removeQuarantine(path)
            throw error
        }
        await removeQuarantine(path)
        return result
    }

    /// What a failed removal leaves goes at the next start; how the push ended says more to its user.
    private func removeQuarantine(_ path: String) async {
        do {
            try await pool.blocking { try Directory.remove(path) }
        } catch {
            logger.warning("a quarantine could not be removed", metadata: ["path": "\(path)", "error": "\(error)"])
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
