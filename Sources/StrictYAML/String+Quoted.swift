extension StringProtocol {
    /// The text in quotes, short enough and printable, to be repeated in a message of one line.
    ///
    /// Control characters, line breaks, and everything beyond ASCII that a terminal could act on become `\u{…}`; what
    /// is longer than 64 characters is cut and ends in an ellipsis.
    package var quoted: String {
        let maximumLength = 64
        var result = "\""
        var length = 0
        for scalar in unicodeScalars {
            guard length < maximumLength else { return result + "…\"" }
            length += 1
            result += scalar.isHarmless ? String(scalar) : scalar.escaped(asASCII: true)
        }
        return result + "\""
    }
}

extension Unicode.Scalar {
    /// Whether the scalar is a visible letter, digit, sign or a plain space, and no quote.
    fileprivate var isHarmless: Bool {
        guard self != "\"", self != "\\" else { return false }
        if isASCII { return value >= 0x20 && value < 0x7F }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .otherSymbol:
            return true
        default:
            return false
        }
    }
}
