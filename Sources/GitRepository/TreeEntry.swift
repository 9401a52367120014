import GitProtocol

/// One entry of a git tree.
struct TreeEntry: Sendable {
    /// Its name in raw bytes.
    let name: [UInt8]
    /// Its mode as stored.
    let mode: UInt32
    let id: ObjectID

    /// Whether the name may become one component of a path.
    ///
    /// Pushed trees were checked by git; those that were here before the server may not have been. `.git` is refused
    /// too,
    /// in any case of letters: a tool in the build would take it for a repository.
    var hasSafeName: Bool {
        if name.isEmpty || name == Array(".".utf8) || name == Array("..".utf8) { return false }
        if name.contains(UInt8(ascii: "/")) || name.contains(0) { return false }
        return name.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 } != Array(".git".utf8)
    }
}
