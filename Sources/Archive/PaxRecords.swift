/// The records of a pax extended header that matter here (POSIX.1-2017 `pax`, "pax Extended Header").
struct PaxRecords: Equatable {
    var path: [UInt8]?
    var linkPath: [UInt8]?
    var size: Int64?
    var modified: Int64?

    /// Makes an empty set of records.
    init() {}

    /// Reads `length keyword=value\n` records; keywords that do not matter are skipped.
    ///
    /// - Parameter bytes: A whole extended header.
    /// - Throws: ``TarError/badExtendedHeader(_:)``.
    init(_ bytes: [UInt8]) throws(TarError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let record = try Self.takeRecord(&rest)
            guard let equals = record.firstIndex(of: UInt8(ascii: "=")) else {
                throw .badExtendedHeader("a record has no \"=\"")
            }
            try apply(keyword: record[..<equals], value: record[(equals + 1)...])
        }
    }

    /// The records as an extended header's content; empty when there are none.
    var encoded: [UInt8] {
        var out: [UInt8] = []
        if let path { out += Self.record("path", path) }
        if let linkPath { out += Self.record("linkpath", linkPath) }
        if let size { out += Self.record("size", Array(String(size).utf8)) }
        if let modified { out += Self.record("mtime", Array(String(modified).utf8)) }
        return out
    }

    private mutating func apply(keyword: ArraySlice<UInt8>, value: ArraySlice<UInt8>) throws(TarError) {
        let word = String(decoding: keyword, as: UTF8.self)
        switch word {
        case "path":
            guard path == nil else { throw .badExtendedHeader("two paths") }
            path = Array(value)
        case "linkpath":
            guard linkPath == nil else { throw .badExtendedHeader("two link targets") }
            linkPath = Array(value)
        case "size":
            guard size == nil else { throw .badExtendedHeader("two sizes") }
            guard let number = Self.decimal(value), number >= 0 else { throw .badNumber(field: "size") }
            size = number
        case "mtime":
            guard modified == nil else { throw .badExtendedHeader("two modification times") }
            guard let number = Self.wholeSeconds(value) else { throw .badNumber(field: "modification time") }
            modified = number
        default:
            // A reader that skipped these would take the map of a sparse file for its content.
            guard !word.hasPrefix("GNU.sparse.") else {
                throw .badExtendedHeader("a sparse file; make the archive without --sparse")
            }
        }
    }

    /// Takes one record and returns it without its length and newline.
    private static func takeRecord(_ rest: inout ArraySlice<UInt8>) throws(TarError) -> ArraySlice<UInt8> {
        // A length has at most seven digits: the header itself is limited far below.
        guard let space = rest.prefix(8).firstIndex(of: UInt8(ascii: " ")),
            let length = decimal(rest[rest.startIndex..<space]), length > 0, length <= rest.count
        else { throw .badExtendedHeader("a record's length is wrong") }
        let end = rest.startIndex + Int(length)
        guard space + 1 < end, rest[end - 1] == UInt8(ascii: "\n") else {
            throw .badExtendedHeader("a record does not end where its length says")
        }
        let record = rest[(space + 1)..<(end - 1)]
        rest = rest[end...]
        return record
    }

    /// One record; its length counts its own digits.
    private static func record(_ keyword: String, _ value: [UInt8]) -> [UInt8] {
        let content = Array(" \(keyword)=".utf8) + value + [UInt8(ascii: "\n")]
        var length = content.count + 1
        while content.count + String(length).utf8.count != length { length = content.count + String(length).utf8.count }
        return Array(String(length).utf8) + content
    }

    private static func decimal(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return Int64(String(decoding: digits, as: UTF8.self))
    }

    /// Rounds a decimal fraction of seconds down.
    private static func wholeSeconds(_ text: ArraySlice<UInt8>) -> Int64? {
        let negative = text.first == UInt8(ascii: "-")
        let parts = text.dropFirst(negative ? 1 : 0)
            .split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, let seconds = decimal(whole) else { return nil }
        var hasFraction = false
        if parts.count == 2, !parts[1].isEmpty {
            guard parts[1].allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
            hasFraction = parts[1].contains { $0 != UInt8(ascii: "0") }
        }
        guard negative else { return seconds }
        return hasFraction ? -seconds - 1 : -seconds
    }
}
