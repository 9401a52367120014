import GitProtocol

/// Which refs there are, to tell when one would have to be both a file and a directory.
struct RefNamespace: Sendable {
    private var names: Set<[UInt8]> = []
    private var directories: [[UInt8]: Int] = [:]

    /// Takes the full names of the refs there are.
    init(_ names: some Sequence<String>) {
        for name in names { insert(name) }
    }

    /// Takes those of a repository.
    init(of repository: borrowing RepositoryHandle) throws(RepositoryError) {
        self.init(try repository.directReferences().map(\.name))
    }

    /// The ref that keeps another from being created: one that is a directory above or a name below it.
    ///
    /// - Returns: The name of one such ref, nil when there is none.
    func conflict(with name: RefName) -> String? {
        let bytes = Array(name.rawValue.utf8)
        if let parent = Self.parents(of: bytes).first(where: names.contains) {
            return String(decoding: parent, as: UTF8.self)
        }
        return directories[bytes] == nil ? nil : name.rawValue + "/"
    }

    /// Adds a ref.
    mutating func insert(_ name: String) {
        let bytes = Array(name.utf8)
        guard names.insert(bytes).inserted else { return }
        for parent in Self.parents(of: bytes) { directories[parent, default: 0] += 1 }
    }

    /// Takes a ref away.
    mutating func remove(_ name: String) {
        let bytes = Array(name.utf8)
        guard names.remove(bytes) != nil else { return }
        for parent in Self.parents(of: bytes) {
            let count = directories[parent, default: 1] - 1
            directories[parent] = count == 0 ? nil : count
        }
    }

    private static func parents(of name: [UInt8]) -> [[UInt8]] {
        name.indices.filter { name[$0] == UInt8(ascii: "/") }.map { Array(name[..<$0]) }
    }
}
