/// Makes text fit for a client's terminal: no control characters, bounded, valid UTF-8.
///
/// Reasons and messages may hold what strangers wrote (names of refs, output of tools). Escape sequences and the marks
/// that turn the direction of writing could make a terminal show something else than was said.
package enum ClientText {
    private static let replacement: Unicode.Scalar = "?"
    private static let ellipsis = "…"

    /// Makes one line of `text`.
    ///
    /// - Parameters:
    ///   - text: Any text; line breaks and tabs become spaces, other control characters `?`.
    ///   - maximumBytes: The longest result, in bytes of UTF-8; a longer one is cut between characters and ends in `…`.
    /// - Returns: The text without blanks at either end.
    package static func line(_ text: String, maximumBytes: Int) -> String {
        clean(text, maximumBytes: maximumBytes, keepsNewlines: false)
    }

    /// Makes one line of bytes that ought to be UTF-8; what is not becomes U+FFFD.
    static func line(_ bytes: some Collection<UInt8>, maximumBytes: Int) -> String {
        // Only what can be shown is decoded; one more, so that the cut is seen.
        line(String(decoding: bytes.prefix(maximumBytes + 1), as: UTF8.self), maximumBytes: maximumBytes)
    }

    /// Cleans a text that may have several lines, separated by line feeds.
    ///
    /// - Parameters:
    ///   - text: Any text; tabs become spaces, other control characters `?`, CR and CR LF become LF.
    ///   - maximumBytes: The longest result, in bytes of UTF-8; a longer one is cut between characters and ends in `…`.
    /// - Returns: The text without blanks at either end.
    package static func lines(_ text: String, maximumBytes: Int) -> String {
        clean(text, maximumBytes: maximumBytes, keepsNewlines: true)
    }

    private static func clean(_ text: String, maximumBytes: Int, keepsNewlines: Bool) -> String {
        let room = maximumBytes - ellipsis.utf8.count
        var result = ""
        var length = 0
        // The longest start that leaves room for the ellipsis, in bytes.
        var fitting = 0
        var previous: Unicode.Scalar = " "
        for original in text.unicodeScalars {
            let isSecondHalfOfBreak = original == "\n" && previous == "\r"
            previous = original
            let scalar = printable(original, keepsNewlines: keepsNewlines)
            let isBlankAtStart = length == 0 && (scalar == " " || scalar == "\n")
            if isSecondHalfOfBreak || isBlankAtStart { continue }
            result.unicodeScalars.append(scalar)
            length += UTF8.width(scalar)
            if length > maximumBytes {
                guard room >= 0 else { return "" }
                return String(decoding: result.utf8.prefix(fitting), as: UTF8.self) + ellipsis
            }
            if length <= room { fitting = length }
        }
        while let last = result.unicodeScalars.last, last == " " || last == "\n" {
            result.unicodeScalars.removeLast()
        }
        return result
    }

    private static func printable(_ scalar: Unicode.Scalar, keepsNewlines: Bool) -> Unicode.Scalar {
        switch scalar.properties.generalCategory {
        case .control:
            switch scalar {
            case "\n", "\r": keepsNewlines ? "\n" : " "
            case "\t": " "
            default: replacement
            }
        case .lineSeparator, .paragraphSeparator:
            " "
        case .format where isDirectional(scalar):
            replacement
        default:
            scalar
        }
    }

    /// Whether `scalar` turns or isolates the direction of writing (Unicode Standard Annex 9, table 4).
    private static func isDirectional(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x061C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
