/// Makes a path that a stranger chose safe to print in a message.
enum PrintablePath {
    /// Long enough to recognise a path, short enough for one line.
    static let maximumCharacters = 200

    /// The path with everything but printable ASCII escaped as `\xNN`, shortened at the front when long.
    ///
    /// - Parameter bytes: Raw path bytes.
    /// - Returns: One line of printable ASCII.
    static func text(_ bytes: some Collection<UInt8>) -> String {
        var text = bytes.count > maximumCharacters ? "..." : ""
        for byte in bytes.suffix(maximumCharacters) {
            if (0x20...0x7e).contains(byte), byte != UInt8(ascii: "\\") {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16)
                text += "\\x" + (digits.count == 1 ? "0" + digits : digits)
            }
        }
        return text
    }
}
