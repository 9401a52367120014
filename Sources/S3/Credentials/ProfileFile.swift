/// A file of sections and values, as the AWS programs have it ("Configuration and credential file settings").
struct ProfileFile: Sendable {
    /// Values by the name of their section, names in lower case.
    private(set) var sections: [String: [String: String]] = [:]

    /// Reads a text; lines that mean nothing are passed over, as the AWS programs do.
    ///
    /// - Parameter text: Of the whole file.
    init(_ text: String) {
        var section: String?
        for line in text.split(whereSeparator: \.isNewline) {
            // Indented lines belong to nested settings, which are none of ours.
            guard let first = line.first, !first.isWhitespace, first != "#", first != ";" else { continue }
            if first == "[" {
                let name = line.dropFirst().prefix { $0 != "]" }
                section = name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                if let section, sections[section] == nil { sections[section] = [:] }
            } else if let section, let equals = line.firstIndex(of: "=") {
                let key = Self.trim(line[..<equals]).lowercased()
                // A comment behind a value begins with white space.
                var value = line[line.index(after: equals)...]
                for mark in [" #", " ;", "\t#", "\t;"] { value = value.prefix(upTo: Self.start(of: mark, in: value)) }
                let text = Self.trim(value)
                if !text.isEmpty { sections[section]?[key] = text }
            }
        }
    }

    private static func trim(_ text: Substring) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    private static func start(of mark: String, in text: Substring) -> Substring.Index {
        text.indices.first { text[$0...].hasPrefix(mark) } ?? text.endIndex
    }
}
