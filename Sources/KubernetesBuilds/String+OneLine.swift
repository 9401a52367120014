extension StringProtocol {
    /// The text in one printable line of limited length, without the queries of URLs, which may be secret.
    ///
    /// For what the cluster, registries and builds say: control characters and what changes the direction of writing
    /// become blanks, and blanks in a row one.
    ///
    /// - Parameter limit: In Unicode scalars; what is longer ends in an ellipsis.
    /// - Returns: The line.
    func oneLine(_ limit: Int) -> String {
        var scalars = String.UnicodeScalarView()
        var isBlank = true
        var isInQuery = false
        // Blanks are dropped, so that more may be looked at than is kept; but not without end.
        for scalar in unicodeScalars.prefix(16 * limit) {
            let isGap = scalar.isGap
            if isGap || "\"'<>)".unicodeScalars.contains(scalar) { isInQuery = false }
            if isInQuery || (isGap && isBlank) { continue }
            guard scalars.count < limit else { return String(scalars).trimmingBlank + "…" }
            isBlank = isGap
            scalars.append(isGap ? " " : scalar)
            if scalar == "?", String(scalars).isURLSoFar {
                isInQuery = true
                scalars.append("…")
            }
        }
        return String(scalars).trimmingBlank
    }
}

extension String {
    fileprivate var trimmingBlank: String { hasSuffix(" ") ? String(dropLast()) : self }

    /// Whether its last word holds the start of a URL.
    fileprivate var isURLSoFar: Bool { (split(separator: " ").last ?? "").contains("://") }
}

extension Unicode.Scalar {
    fileprivate var isGap: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate, .privateUse,
            .unassigned:
            true
        default: false
        }
    }
}
