import GitProtocol

/// A parsed commit: what is looked at of it.
struct CommitContent: Sendable, Equatable {
    /// The root directory.
    let tree: ObjectID
    /// Who wrote it, in raw bytes.
    let authorName: [UInt8]
    /// When it was committed, in seconds since 1970-01-01 UTC; 0 when it does not say.
    let time: Int64
    /// The first paragraph of the message on one line, in raw bytes.
    let subject: [UInt8]

    /// Parses the content of a commit object: lines of a word and a value, an empty line, the message.
    ///
    /// Pushed commits were checked by git; what was here before the server may be odd, so only the tree is a must, and
    /// without one there is no value.
    ///
    /// - Parameter content: All of it.
    init?(_ content: [UInt8]) {
        var lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
        guard let tree = lines.popFirst().flatMap({ Self.value(of: "tree", in: $0) }).flatMap({ ObjectID(hex: $0) })
        else { return nil }
        var (authorName, time): ([UInt8], Int64) = ([], 0)
        while let line = lines.popFirst(), !line.isEmpty {
            if let author = Self.value(of: "author", in: line) {
                authorName = Self.trimmed(author.prefix { $0 != UInt8(ascii: "<") })
            } else if let committer = Self.value(of: "committer", in: line) {
                time = Self.time(committer)
            }
        }
        self.tree = tree
        self.authorName = authorName
        self.time = time
        subject = Array(
            lines.lazy.map(Self.trimmed).drop { $0.isEmpty }.prefix { !$0.isEmpty }
                .joined(separator: [UInt8(ascii: " ")]))
    }

    private static func value(of key: String, in line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard line.starts(with: "\(key) ".utf8) else { return nil }
        return line.dropFirst(key.utf8.count + 1)
    }

    /// The seconds in "Ada <ada@example.org> 1700000000 +0100".
    private static func time(_ person: ArraySlice<UInt8>) -> Int64 {
        guard let end = person.lastIndex(of: UInt8(ascii: ">")) else { return 0 }
        let seconds = person[(end + 1)...].split(separator: UInt8(ascii: " ")).first
        return seconds.flatMap { Int64(String(decoding: $0, as: UTF8.self)) } ?? 0
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> [UInt8] {
        func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || (9...13).contains(byte) }
        return Array(text.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }
}
