/// Sizes as people write them in settings: a whole number of bytes, or with a binary unit, `64KiB`, `512MiB`, `2GiB`.
enum ByteSizeText {
    /// Largest first.
    private static let units: [(name: String, bytes: Int64)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("", 1),
    ]

    /// - Returns: `nil` when `text` is no size or is beyond 64 bits.
    static func parse(_ text: String) -> Int64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = DecimalText.parse(digits),
            let unit = units.first(where: { $0.name == text[digits.endIndex...] })
        else { return nil }
        let (bytes, overflow) = Int64(number).multipliedReportingOverflow(by: unit.bytes)
        return overflow ? nil : bytes
    }

    /// The shortest exact text.
    static func format(_ bytes: Int64) -> String {
        guard bytes > 0, let unit = units.first(where: { bytes.isMultiple(of: $0.bytes) }) else { return "0" }
        return "\(bytes / unit.bytes)\(unit.name)"
    }
}
