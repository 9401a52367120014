package import GitProtocol

extension Quarantine {
    /// Characters kept of a subject or a name: they go into messages and records, and a stranger wrote them.
    private static let maximumText = 200

    /// What an object is.
    ///
    /// - Returns: `nil` when it is neither in the push nor in the repository.
    /// - Throws: ``SourceError`` when it is a commit or tag that nothing here would read, for its size.
    package func objectKind(_ id: ObjectID) async throws -> ObjectKind? {
        let header = try await access { _, objects in try objects.header(of: id) }
        guard let header else { return nil }
        if header.kind == .commit || header.kind == .tag {
            try SourceError.check(header.size, of: header.kind, id, path: "\(header.kind.rawValue) \(id)")
        }
        return header.kind
    }

    /// What is at a path in the tree of a commit.
    ///
    /// - Parameters:
    ///   - commit: A commit.
    ///   - path: Names separated by "/", such as `.slipway/build`.
    /// - Returns: `nil` when there is nothing.
    /// - Throws: ``RepositoryError`` when there is no such commit; ``SourceError`` when it or a directory on the way is
    ///   too large.
    package func treeEntry(commit: ObjectID, path: String) async throws -> TreeEntryKind? {
        try await withSmallObjects { objects in
            var (tree, parent) = (try await Self.content(of: commit, &objects).tree, "/")
            var names = path.utf8.split(separator: UInt8(ascii: "/")).map { Array($0) }[...]
            while let name = names.popFirst() {
                guard let object = try await objects.object(tree, path: parent), object.kind == .tree else {
                    throw SourceError.missing(tree, path: parent)
                }
                guard let entry = try Self.entry(named: name, in: object.content, path: parent) else { return nil }
                let kind = TreeEntryKind(mode: entry.mode)
                if names.isEmpty { return kind }
                guard kind == .directory else { return nil }
                (tree, parent) = (entry.id, SourceWalk.text(name))
            }
            return nil
        }
    }

    /// The subject, author and time of a commit.
    ///
    /// - Throws: ``RepositoryError`` when there is no such commit; ``SourceError`` when it is too large.
    package func commitInfo(_ commit: ObjectID) async throws -> CommitInfo {
        let content = try await withSmallObjects { try await Self.content(of: commit, &$0) }
        return CommitInfo(
            subject: Self.printable(content.subject), authorName: Self.printable(content.authorName),
            time: content.time)
    }

    private static func content(of commit: ObjectID, _ objects: inout SmallObjects) async throws -> CommitContent {
        guard let object = try await objects.object(commit, path: "commit \(commit)"), object.kind == .commit,
            let content = CommitContent(object.content)
        else {
            throw RepositoryError(kind: .invalid, operation: "read commit \(commit)", detail: "it is not there")
        }
        return content
    }

    private static func entry(named name: [UInt8], in content: [UInt8], path: String) throws -> TreeEntry? {
        var tree = TreeParser(content)
        do throws(TreeDamage) {
            while let entry = try tree.next() {
                if entry.name == name { return entry }
            }
            return nil
        } catch {
            throw SourceError.damagedTree(path: path)
        }
    }

    private static func printable(_ text: [UInt8]) -> String {
        let text = String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(maximumText).map { $0.properties.generalCategory == .control ? " " : $0 }))
    }
}
