/// Whole numbers as people write them in settings.
enum DecimalText {
    /// Reads decimal digits and nothing else: no sign, no space, no separators.
    ///
    /// - Returns: `nil` when `text` is anything else or does not fit.
    static func parse(_ text: some StringProtocol) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) else { return nil }
        return Int(text)
    }
}
