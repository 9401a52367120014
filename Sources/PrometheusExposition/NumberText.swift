/// Numbers as the text format wants them, with nothing lost.
enum NumberText {
    /// From here on not every integer is a `Double`, so that digits would claim what is not known.
    private static let exactIntegers = Double(1 << 53)
    private static let nanosecondsPerSecond: Int64 = 1_000_000_000

    /// The shortest text that reads back as the same number.
    ///
    /// - Parameter value: Any, infinities and NaN too.
    /// - Returns: Such as `5`, `0.25`, `1e-05`, `+Inf`.
    static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if value.magnitude < exactIntegers, let whole = Int64(exactly: value) { return String(whole) }
        return value.description
    }

    /// Nanoseconds as seconds, exactly.
    ///
    /// - Parameter nanoseconds: 0 or more.
    /// - Returns: Such as `1.5`.
    static func seconds(nanoseconds: Int64) -> String {
        let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: nanosecondsPerSecond)
        guard rest > 0 else { return String(whole) }
        var digits = String(String(rest + nanosecondsPerSecond).dropFirst())
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(whole).\(digits)"
    }
}
