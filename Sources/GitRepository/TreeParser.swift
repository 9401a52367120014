import GitProtocol

/// Reads the entries of a tree object one after the other: mode in octal, space, name, NUL, 20 bytes of id.
///
/// Holds the bytes of the object and nothing else: a parsed tree takes several times as much.
struct TreeParser: Sendable {
    /// Digits of the longest mode; git writes six.
    private static let maximumModeLength = 7

    private let content: [UInt8]
    private var offset = 0

    /// Takes the content of a tree object.
    init(_ content: [UInt8]) {
        self.content = content
    }

    /// Bytes of the object.
    var byteCount: Int { content.count }

    /// The next entry; nil after the last.
    ///
    /// - Throws: ``TreeDamage`` when the bytes are no entry.
    mutating func next() throws(TreeDamage) -> TreeEntry? {
        guard let (name, end) = try bounds() else { return nil }
        var mode: UInt32 = 0
        for byte in content[offset..<(name.lowerBound - 1)] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(byte) else { throw TreeDamage() }
            mode = mode << 3 | UInt32(byte - UInt8(ascii: "0"))
        }
        guard let id = ObjectID(bytes: content[(name.upperBound + 1)..<end]) else { throw TreeDamage() }
        offset = end
        return TreeEntry(name: Array(content[name]), mode: mode, id: id)
    }

    /// How many entries are left.
    ///
    /// - Throws: ``TreeDamage`` when the bytes are no entries.
    func count() throws(TreeDamage) -> Int {
        var (copy, count) = (self, 0)
        while let (_, end) = try copy.bounds() {
            copy.offset = end
            count += 1
        }
        return count
    }

    /// Where the name of the next entry is, and where the entry ends.
    private func bounds() throws(TreeDamage) -> (name: Range<Int>, end: Int)? {
        guard offset < content.count else { return nil }
        let mode = content[offset...].prefix(Self.maximumModeLength + 1)
        guard let space = mode.firstIndex(of: UInt8(ascii: " ")), space > offset,
            let zero = content[space...].firstIndex(of: 0), zero + ObjectID.byteCount < content.count
        else { throw TreeDamage() }
        return ((space + 1)..<zero, zero + 1 + ObjectID.byteCount)
    }
}
