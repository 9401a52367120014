import NIOPosix

/// A place for one push's objects, apart from the repository until the push is accepted.
///
/// Valid within ``Repository/withQuarantine(push:_:)`` only. Objects of the repository are seen from here, not the
/// reverse.
package struct Quarantine: Sendable {
    /// No name that git looks for objects under: loose ones are in directories of two hex digits.
    static let directoryPrefix = "incoming-"

    let repository: Repository
    let path: String
    let cache = ObjectCache()

    /// The environment that makes a git child write here and read both here and in the repository.
    var environment: [String: String] {
        [
            "GIT_OBJECT_DIRECTORY": path,
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": Self.quoted(repository.objectsPath),
            // Makes git refuse to update refs from within.
            "GIT_QUARANTINE_PATH": path,
        ]
    }

    /// The variable is a list separated by ":"; quotes allow one within a path (git(1)).
    private static func quoted(_ path: String) -> String {
        let escaped = path.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] }
        return "\"\(String(escaped))\""
    }

    /// Opens the repository with this push's objects for one piece of blocking work.
    func access<T: Sendable>(
        _ work: @escaping @Sendable (borrowing RepositoryHandle, borrowing ObjectDatabase) throws -> T
    ) async throws -> T {
        let path = path
        return try await repository.access { handle in
            let objects = try ObjectDatabase(of: handle, quarantine: path)
            return try work(handle, objects)
        }
    }
}
