extension Duration {
    /// For people: `45 s`, `30 min`, `1 h 30 min`; less than a second in milliseconds.
    var words: String {
        let (seconds, attoseconds) = components
        guard seconds != 0 else { return "\(attoseconds / 1_000_000_000_000_000) ms" }
        let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")].filter { $0.0 != 0 }
        return parts.map { "\($0.0) \($0.1)" }.joined(separator: " ")
    }
}
