/// A JSON text in the making (RFC 8259).
enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int)
    /// What is not a finite number becomes null.
    case number(Double)
    case string(String)
    case array([JSONValue])
    /// Members in the order given.
    case object([Member])

    /// A name and its value.
    struct Member: Sendable, Equatable {
        let name: String
        let value: JSONValue
    }

    /// An object of the pairs given.
    static func object(_ pairs: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .object(pairs.map { Member(name: $0.key, value: $0.value) })
    }

    /// The string, or null where there is none.
    static func string(optional text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    /// The text, on one line, with an end of line.
    var text: String {
        var text = ""
        write(to: &text)
        text += "\n"
        return text
    }

    private func write(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += "\(value)"
        case .number(let value): text += value.isFinite ? "\(value)" : "null"
        case .string(let value): Self.write(value, to: &text)
        case .array(let values):
            text += "["
            for (index, value) in values.enumerated() {
                if index > 0 { text += "," }
                value.write(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += "," }
                Self.write(member.name, to: &text)
                text += ":"
                member.value.write(to: &text)
            }
            text += "}"
        }
    }

    private static func write(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            // Control characters must be escaped; the two separators end a line in JavaScript, the angle a script element.
            case "\u{0}"..."\u{1f}", "\u{7f}", "\u{2028}", "\u{2029}", "<":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
