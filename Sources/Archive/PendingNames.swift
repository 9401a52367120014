/// What extended headers said about the entry that comes next.
struct PendingNames {
    /// pax for the next entry, pax for all entries, GNU long name, GNU long link target.
    static let types = Array("xgLK".utf8)

    private(set) var records: PaxRecords?
    private(set) var longName: [UInt8]?
    private(set) var longLink: [UInt8]?

    var isEmpty: Bool { records == nil && longName == nil && longLink == nil }

    /// Remembers one extended header.
    ///
    /// - Parameters:
    ///   - type: One of ``types``.
    ///   - content: All of its content.
    /// - Throws: ``TarError/badExtendedHeader(_:)``, also for a second header of the same type: readers disagree which
    ///   one counts.
    mutating func add(type: UInt8, content: [UInt8]) throws(TarError) {
        switch type {
        case UInt8(ascii: "x"):
            guard records == nil else { throw .badExtendedHeader("two pax headers before one entry") }
            records = try PaxRecords(content)
        case UInt8(ascii: "g"):
            // `git archive` puts the commit id into one; names and sizes for all entries are nobody's honest wish.
            let global = try PaxRecords(content)
            guard global.path == nil, global.linkPath == nil, global.size == nil else {
                throw .badExtendedHeader("a global header sets a path or a size")
            }
        case UInt8(ascii: "L"):
            guard longName == nil else { throw .badExtendedHeader("two long names before one entry") }
            longName = Self.withoutTerminator(content)
        default:
            guard longLink == nil else { throw .badExtendedHeader("two long link targets before one entry") }
            longLink = Self.withoutTerminator(content)
        }
    }

    /// GNU tar ends these with one NUL.
    private static func withoutTerminator(_ content: [UInt8]) -> [UInt8] {
        content.last == 0 ? Array(content.dropLast()) : content
    }
}
