import CLibGit2
package import GitProtocol

extension Quarantine {
    /// Characters kept of a subject or a name: they go into messages and records, and a stranger wrote them.
    private static let maximumText = 200

    /// What an object is.
    ///
    /// - Returns: `nil` when it is neither in the push nor in the repository.
    package func objectKind(_ id: ObjectID) async throws -> ObjectKind? {
        try await access { _, objects in try objects.header(of: id)?.kind }
    }

    /// The commit behind an object: itself, or what a tag points to in the end.
    ///
    /// - Returns: `nil` when the object is not there, or is or tags something else.
    package func peelToCommit(_ id: ObjectID) async throws -> ObjectID? {
        try await access { repository, _ in
            guard let commit = try repository.peel(id, to: GIT_OBJECT_COMMIT) else { return nil }
            return unsafe ObjectID(git_object_id(commit.pointer).pointee)
        }
    }

    /// What is at a path in the tree of a commit.
    ///
    /// - Parameters:
    ///   - commit: A commit.
    ///   - path: Names separated by "/", such as `.slipway/build`.
    /// - Returns: `nil` when there is nothing.
    /// - Throws: ``RepositoryError`` when there is no such commit.
    package func treeEntry(commit: ObjectID, path: String) async throws -> TreeEntryKind? {
        try await access { repository, _ in
            guard let tree = try repository.peel(commit, to: GIT_OBJECT_TREE) else {
                throw RepositoryError(kind: .invalid, operation: "read commit \(commit)", detail: "it is not there")
            }
            return try tree.entryKind(path: path)
        }
    }

    /// The subject, author and time of a commit.
    ///
    /// - Throws: ``RepositoryError`` when there is no such commit.
    package func commitInfo(_ commit: ObjectID) async throws -> CommitInfo {
        try await access { repository, _ in
            guard let object = try repository.peel(commit, to: GIT_OBJECT_COMMIT) else {
                throw RepositoryError(kind: .invalid, operation: "read commit \(commit)", detail: "it is not there")
            }
            let subject = unsafe git_commit_summary(object.pointer).map { unsafe String(cString: $0) }
            let name = unsafe git_commit_author(object.pointer).map { unsafe String(cString: $0.pointee.name) }
            return CommitInfo(
                subject: Self.printable(subject ?? ""), authorName: Self.printable(name ?? ""),
                time: unsafe git_commit_time(object.pointer))
        }
    }

    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(maximumText).map { $0.properties.generalCategory == .control ? " " : $0 }))
    }
}
