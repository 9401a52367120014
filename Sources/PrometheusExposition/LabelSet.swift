/// A series' labels, as they stand in the text between braces: `answer="passed",code="200"`, sorted by name.
struct LabelSet: Hashable, Comparable, Sendable {
    /// In characters: a longer value was not meant for a label, and would be kept for as long as the process lives.
    static let maximumValueLength = 128

    /// Empty for a series without labels.
    let text: String

    /// Makes names valid and escapes values.
    ///
    /// - Parameter dimensions: Names and values; of a name that comes twice the first counts, and an empty value is
    ///   none, as Prometheus has it.
    init(_ dimensions: [(String, String)]) {
        var pairs: [String: String] = [:]
        for (name, value) in dimensions where !value.isEmpty {
            let name = MetricName.label(name)
            if pairs[name] == nil { pairs[name] = Self.escaped(value) }
        }
        text = pairs.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }.joined(separator: ",")
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for scalar in value.prefix(maximumValueLength).unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            // The format has no escape for these, and a terminal might act on them.
            case "\0"..."\u{1F}", "\u{7F}": text += "\u{FFFD}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    static func < (left: LabelSet, right: LabelSet) -> Bool { left.text < right.text }
}
