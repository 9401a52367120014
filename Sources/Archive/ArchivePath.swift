/// The rules for paths in archives that are unpacked or made here.
enum ArchivePath {
    /// Refuses a path that could lead out of the directory, or that is out of proportion.
    ///
    /// - Parameters:
    ///   - path: Raw bytes.
    ///   - limits: Length and depth.
    /// - Throws: ``ArchiveError`` naming the rule.
    static func check(_ path: [UInt8], _ limits: ArchiveLimits) throws(ArchiveError) {
        let shown = PrintablePath.text(path)
        guard path.count <= limits.maximumPathLength else {
            throw .pathTooLong(shown, limit: limits.maximumPathLength)
        }
        guard !path.contains(0) else { throw .unsafePath(shown, reason: "it has a NUL byte") }
        guard path.first != UInt8(ascii: "/") else { throw .unsafePath(shown, reason: "it is absolute") }
        let components = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard components.count - 1 <= limits.maximumDepth else { throw .tooDeep(shown, limit: limits.maximumDepth) }
        for component in components {
            if component.isEmpty { throw .unsafePath(shown, reason: "it has an empty component") }
            if component.elementsEqual(".".utf8) { throw .unsafePath(shown, reason: "it has a \".\" component") }
            if component.elementsEqual("..".utf8) { throw .unsafePath(shown, reason: "it has a \"..\" component") }
        }
    }

    /// The directory part, which may be empty, and the last component of a path that was checked.
    static func split(_ path: [UInt8]) -> (parent: ArraySlice<UInt8>, name: ArraySlice<UInt8>) {
        guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return ([], path[...]) }
        return (path[..<slash], path[(slash + 1)...])
    }
}
