extension TarEntry {
    /// Puts a header and the extended headers before it together.
    ///
    /// - Parameters:
    ///   - header: The entry's own header.
    ///   - names: What extended headers said.
    ///   - limits: How long names may be.
    /// - Throws: ``TarError`` for kinds of entries and names that are not accepted.
    init(_ header: TarHeader, names: PendingNames, limits: ArchiveLimits) throws(TarError) {
        let records = names.records ?? PaxRecords()
        guard records.path == nil || names.longName == nil, records.linkPath == nil || names.longLink == nil else {
            throw .badExtendedHeader("a pax and a GNU header both name one entry")
        }
        var path = records.path ?? names.longName ?? header.name
        let link = records.linkPath ?? names.longLink ?? header.link
        let shown = PrintablePath.text(path)
        try Self.check(path, of: shown, what: "its path", limits)
        let size = records.size ?? header.size

        // A file whose name ends with "/" is how the oldest archives wrote a directory.
        var type = header.type == 0 ? UInt8(ascii: "0") : header.type
        if type == UInt8(ascii: "0"), path.last == UInt8(ascii: "/") { type = UInt8(ascii: "5") }
        let kind: Kind
        switch type {
        case UInt8(ascii: "0"):
            kind = .file(executable: header.mode & 0o100 != 0)
        case UInt8(ascii: "5"):
            if path.count > 1, path.last == UInt8(ascii: "/") { path.removeLast() }
            kind = .directory
        case UInt8(ascii: "2"):
            try Self.check(link, of: shown, what: "its link target", limits)
            kind = .symlink(target: link)
        default:
            throw .unsupportedType(header.type, path: shown)
        }
        if type != UInt8(ascii: "0"), size != 0 { throw .unexpectedContent(path: shown) }
        self.init(path: path, kind: kind, size: size, modified: records.modified ?? header.modified)
    }

    private static func check(
        _ name: [UInt8], of shown: String, what: String, _ limits: ArchiveLimits
    ) throws(TarError) {
        guard !name.isEmpty else { throw .badPath(shown, reason: "\(what) is empty") }
        guard name.count <= limits.maximumPathLength else {
            throw .pathTooLong(name.count, limit: limits.maximumPathLength)
        }
        guard !name.contains(0) else { throw .badPath(shown, reason: "\(what) has a NUL byte") }
    }
}
