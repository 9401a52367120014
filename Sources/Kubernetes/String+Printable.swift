extension StringProtocol {
    /// The text in one printable line of limited length.
    ///
    /// Control characters become spaces. The query of a URL is left out, because it may hold a signature, and so are
    /// long words without sense to a reader, because they may be a token or a key.
    ///
    /// - Parameter limit: In Unicode scalars; what is longer ends in an ellipsis.
    /// - Returns: The line.
    func printable(_ limit: Int) -> String {
        let plain = String(
            String.UnicodeScalarView(
                unicodeScalars.prefix(16 * limit).map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: " "
                    default: scalar
                    }
                }))
        let words = plain.split(separator: " ").map { word in word.withoutQuery.withoutLongRuns }
        let text = words.joined(separator: " ")
        guard text.unicodeScalars.count > limit else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit))) + "…"
    }

    /// A word without the query of the URL that it is or holds.
    private var withoutQuery: String {
        guard let scheme = firstIndex(of: ":"), self[scheme...].hasPrefix("://"),
            let mark = self[scheme...].firstIndex(of: "?")
        else { return String(self) }
        let end = self[mark...].firstIndex { "\"'>)".contains($0) } ?? endIndex
        return self[..<mark] + "?…" + self[end...]
    }

    /// A word with what may be a token cut to its start.
    ///
    /// That is 48 and more letters, digits, "-", "_", ".", "+" and "=" in a
    /// row, with a digit and with a capital letter. Names of Kubernetes have no capital letters.
    private var withoutLongRuns: String {
        var result = ""
        var run = Substring()
        func flush() {
            let isSecret = run.count >= 48 && run.contains(where: \.isNumber) && run.contains(where: \.isUppercase)
            result += isSecret ? run.prefix(4) + "…" : run
            run = ""
        }
        for character in self {
            if character.isASCII, character.isLetter || character.isNumber || "-_.+=".contains(character) {
                run.append(character)
            } else {
                flush()
                result.append(character)
            }
        }
        flush()
        return result
    }
}
