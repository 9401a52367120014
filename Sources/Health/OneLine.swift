/// Text from anywhere, made fit to stand in one line among other words.
enum OneLine {
    /// Makes one line of `text`.
    ///
    /// - Parameters:
    ///   - text: Any text; control characters, line separators and runs of blanks become one blank each.
    ///   - maximumLength: In bytes of UTF-8; what is longer ends in "…".
    /// - Returns: Without blanks at either end.
    static func of(_ text: String, maximumLength: Int) -> String {
        let ellipsis: Unicode.Scalar = "…"
        var line = String.UnicodeScalarView()
        var length = 0
        var lengthToCut = 0
        var scalarsToCut = 0
        var isBlankDue = false
        for scalar in text.unicodeScalars {
            guard !isBlank(scalar) else {
                isBlankDue = length > 0
                continue
            }
            let added = UTF8.width(scalar) + (isBlankDue ? 1 : 0)
            guard length + added <= maximumLength else {
                var cut = String.UnicodeScalarView(line.prefix(scalarsToCut))
                if lengthToCut + UTF8.width(ellipsis) <= maximumLength { cut.append(ellipsis) }
                return String(cut)
            }
            if isBlankDue { line.append(" ") }
            isBlankDue = false
            line.append(scalar)
            length += added
            if length + UTF8.width(ellipsis) <= maximumLength {
                lengthToCut = length
                scalarsToCut = line.count
            }
        }
        return String(line)
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        // Format covers the marks that turn the direction of writing, which can make a line say something else.
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate, .privateUse,
            .unassigned:
            true
        default: false
        }
    }
}
