extension StringProtocol {
    /// The text, short enough and printable, to be repeated in a message of one line.
    ///
    /// Control characters, line breaks, quotes, and everything beyond ASCII that a terminal could act on are escaped;
    /// what is longer than 64 characters is cut and ends in an ellipsis.
    package var printable: String {
        let maximumLength = 64
        var result = ""
        for (index, scalar) in unicodeScalars.enumerated() {
            guard index < maximumLength else { return result + "…" }
            result += scalar.isHarmless ? String(scalar) : scalar.escaped(asASCII: true)
        }
        return result
    }

    /// The same as ``printable``, in quotes.
    package var quoted: String { "\"\(printable)\"" }
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
