/// Writes tar archives in the ustar format, with a pax header before an entry that ustar cannot hold.
///
/// The output depends on the entries alone: no owner, no time of writing, modes 0644, 0755 and 0777.
package enum TarWriter {
    /// The end marker: two zero blocks.
    package static let trailer = [UInt8](repeating: 0, count: 2 * TarLayout.blockSize)

    /// The header that goes before an entry's content.
    ///
    /// A path that is not ASCII, or that ustar's fields cannot hold, goes into a pax header in its raw bytes, valid
    /// UTF-8 or not, as `git archive` and GNU tar do.
    ///
    /// - Parameter entry: What follows.
    /// - Returns: A whole number of blocks.
    /// - Throws: ``TarError`` when the entry makes no sense: an empty path, NUL, a negative size, a link with content.
    package static func header(for entry: TarEntry) throws(TarError) -> [UInt8] {
        try check(entry)
        var records = PaxRecords()
        var path = entry.path
        if entry.kind == .directory { path.append(UInt8(ascii: "/")) }

        var prefix: ArraySlice<UInt8> = []
        var name = path[...]
        if isASCII(path), let split = split(path) {
            (prefix, name) = split
        } else {
            records.path = path
            name = path.prefix(TarLayout.name.count)
        }
        var link: ArraySlice<UInt8> = []
        if case .symlink(let target) = entry.kind {
            link = target.prefix(TarLayout.link.count)
            if target.count > link.count || !isASCII(target) { records.linkPath = target }
        }
        if entry.size > TarLayout.maximumOctal { records.size = entry.size }
        if !(0...TarLayout.maximumOctal).contains(entry.modified) { records.modified = entry.modified }

        let content = records.encoded
        var out: [UInt8] = []
        if !content.isEmpty {
            let fields = Fields(
                name: Array("PaxHeaders/entry".utf8)[...], type: UInt8(ascii: "x"), mode: 0o644,
                size: Int64(content.count))
            out += block(fields) + content + padding(after: Int64(content.count))
        }
        let (type, mode) = typeAndMode(of: entry.kind)
        var fields = Fields(name: name, type: type, mode: mode)
        fields.prefix = prefix
        fields.link = link
        fields.size = records.size == nil ? entry.size : 0
        fields.modified = records.modified == nil ? entry.modified : 0
        return out + block(fields)
    }

    /// The zero bytes that fill the last block of an entry's content.
    ///
    /// - Parameter size: Bytes of content, not negative.
    /// - Returns: 0 to 511 bytes.
    package static func padding(after size: Int64) -> [UInt8] {
        [UInt8](repeating: 0, count: paddingLength(after: size))
    }

    static func paddingLength(after size: Int64) -> Int {
        let used = Int(size % Int64(TarLayout.blockSize))
        return used == 0 ? 0 : TarLayout.blockSize - used
    }

    private struct Fields {
        var name: ArraySlice<UInt8>
        var type: UInt8
        var mode: Int64
        var size: Int64 = 0
        var modified: Int64 = 0
        var link: ArraySlice<UInt8> = []
        var prefix: ArraySlice<UInt8> = []
    }

    private static func check(_ entry: TarEntry) throws(TarError) {
        let shown = PrintablePath.text(entry.path)
        guard !entry.path.isEmpty else { throw .badPath(shown, reason: "it is empty") }
        guard !entry.path.contains(0) else { throw .badPath(shown, reason: "it has a NUL byte") }
        guard entry.path.last != UInt8(ascii: "/") else { throw .badPath(shown, reason: "it ends with \"/\"") }
        guard entry.size >= 0 else { throw .badNumber(field: "size") }
        switch entry.kind {
        case .file: return
        case .directory: break
        case .symlink(let target):
            guard !target.isEmpty else { throw .badPath(shown, reason: "its link target is empty") }
            guard !target.contains(0) else { throw .badPath(shown, reason: "its link target has a NUL byte") }
        }
        guard entry.size == 0 else { throw .unexpectedContent(path: shown) }
    }

    private static func typeAndMode(of kind: TarEntry.Kind) -> (type: UInt8, mode: Int64) {
        switch kind {
        case .file(let executable): (UInt8(ascii: "0"), executable ? 0o755 : 0o644)
        case .directory: (UInt8(ascii: "5"), 0o755)
        case .symlink: (UInt8(ascii: "2"), 0o777)
        }
    }

    private static func isASCII(_ bytes: [UInt8]) -> Bool { bytes.allSatisfy { $0 < 0x80 } }

    /// Splits a path at a "/" so that both parts fit ustar's fields; nil when there is no such place.
    private static func split(_ path: [UInt8]) -> (prefix: ArraySlice<UInt8>, name: ArraySlice<UInt8>)? {
        guard path.count > TarLayout.name.count else { return ([], path[...]) }
        let earliest = path.count - TarLayout.name.count - 1
        let latest = min(TarLayout.prefix.count, path.count - 2)
        guard earliest <= latest,
            let slash = path[earliest...latest].firstIndex(of: UInt8(ascii: "/")), slash > 0
        else { return nil }
        return (path[..<slash], path[(slash + 1)...])
    }

    private static func block(_ fields: Fields) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: TarLayout.blockSize)
        func put(_ bytes: some Collection<UInt8>, _ range: Range<Int>) {
            block.replaceSubrange(range.lowerBound..<(range.lowerBound + bytes.count), with: bytes)
        }
        func put(octal value: Int64, _ range: Range<Int>) {
            let digits = String(value, radix: 8)
            let zeros = String(repeating: "0", count: range.count - 1 - digits.utf8.count)
            put(Array((zeros + digits).utf8), range)
        }
        put(fields.name, TarLayout.name)
        put(octal: fields.mode, TarLayout.mode)
        put(octal: 0, TarLayout.userID)
        put(octal: 0, TarLayout.groupID)
        put(octal: fields.size, TarLayout.size)
        put(octal: fields.modified, TarLayout.modified)
        block[TarLayout.type] = fields.type
        put(fields.link, TarLayout.link)
        put(TarLayout.posixMagic, TarLayout.magic)
        put(octal: 0, TarLayout.deviceMajor)
        put(octal: 0, TarLayout.deviceMinor)
        put(fields.prefix, TarLayout.prefix)
        // The checksum ends with NUL and space; six octal digits hold 512 x 255.
        put(octal: TarLayout.sum(of: block[...]), TarLayout.checksum.lowerBound..<(TarLayout.checksum.upperBound - 1))
        block[TarLayout.checksum.upperBound - 1] = UInt8(ascii: " ")
        return block
    }
}
