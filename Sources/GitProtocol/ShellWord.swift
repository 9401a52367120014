/// Undoes the quoting that git's `sq_quote` does (quote.c).
///
/// `sq_quote` puts single quotes around a text, and each `'` or `!` in it outside of them behind a backslash:
/// `it's!` becomes `'it'\''s'\!''`. Every text has exactly one such form, and only that form is taken.
enum ShellWord {
    /// What may stand in a word without quotes: nothing that a shell would change.
    private static let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/+-=@:,%".utf8)

    private static let quote = UInt8(ascii: "'")
    private static let bang = UInt8(ascii: "!")
    private static let backslash = UInt8(ascii: "\\")

    /// Reads one word that takes up all of `bytes`.
    ///
    /// - Returns: What the word means.
    /// - Throws: ``ExecCommandError`` when quotes are not closed, something follows, or the word is not as `sq_quote`
    ///   or a plain word would have it.
    static func unquote(_ bytes: ArraySlice<UInt8>) throws(ExecCommandError) -> [UInt8] {
        guard bytes.first == quote else { return try plainWord(bytes) }
        var result: [UInt8] = []
        var rest = bytes.dropFirst()
        while let byte = rest.popFirst() {
            switch byte {
            case quote:
                guard !rest.isEmpty else { return result }
                result.append(try escaped(&rest))
            case bang:
                // sq_quote never leaves one between quotes, where some interactive shells would act on it.
                throw .badQuoting
            default:
                result.append(byte)
            }
        }
        throw .unbalancedQuotes
    }

    /// Reads `\'` or `\!` and the quote that opens again, right after a closing quote.
    private static func escaped(_ rest: inout ArraySlice<UInt8>) throws(ExecCommandError) -> UInt8 {
        guard rest.first != UInt8(ascii: " ") else { throw .extraWords }
        guard rest.popFirst() == backslash else { throw .badQuoting }
        guard let byte = rest.popFirst(), byte == quote || byte == bang else { throw .badQuoting }
        guard !rest.isEmpty else { throw .unbalancedQuotes }
        guard rest.popFirst() == quote else { throw .badQuoting }
        return byte
    }

    private static func plainWord(_ bytes: ArraySlice<UInt8>) throws(ExecCommandError) -> [UInt8] {
        for byte in bytes {
            if byte == UInt8(ascii: " ") { throw .extraWords }
            guard plain.contains(byte) else { throw .badQuoting }
        }
        return Array(bytes)
    }
}
