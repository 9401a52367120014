/// A piece of an HTML page: what is put in by interpolation is escaped, unless it is such a piece itself.
///
/// Attributes' values stand between double quotes.
struct HTML: Sendable, Equatable, ExpressibleByStringInterpolation {
    let text: String

    init(stringLiteral value: String) { text = value }

    init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    /// Pieces one after the other.
    init(_ pieces: [HTML]) { text = pieces.map(\.text).joined(separator: "\n") }

    /// Pieces with a text between them.
    init(joining pieces: [HTML], with separator: HTML) {
        text = pieces.map(\.text).joined(separator: separator.text)
    }

    static let empty: HTML = ""

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + 16 * interpolationCount)
        }

        mutating func appendLiteral(_ literal: String) { text += literal }

        mutating func appendInterpolation(_ piece: HTML) { text += piece.text }

        mutating func appendInterpolation(_ pieces: [HTML]) { text += HTML(pieces).text }

        mutating func appendInterpolation(_ number: Int) { text += "\(number)" }

        mutating func appendInterpolation(_ value: String) { HTML.escape(value, into: &text) }
    }

    private static func escape(_ value: String, into text: inout String) {
        for scalar in value.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&#39;"
            default:
                switch scalar.properties.generalCategory {
                // The marks that turn the direction of writing are among them: they make text say something else.
                case .control, .format, .lineSeparator, .paragraphSeparator: text += "\u{fffd}"
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
    }
}
