import ObjectStorage

/// The `Range` field of a request (RFC 9110 section 14.2), as far as downloads that go on need it.
enum ByteRange {
    /// Reads a field.
    ///
    /// - Parameters:
    ///   - field: `bytes=5-9`, `bytes=5-` or `bytes=-5`; anything else is ignored, as the RFC allows.
    ///   - size: The object's size, asked for only where it is needed.
    /// - Returns: The bytes wanted; `nil` for all.
    /// - Throws: What `size` throws.
    static func parse(_ field: String?, size: () async throws -> Int64?) async throws -> Range<Int64>? {
        let unit = "bytes="
        guard let field, field.utf8.starts(with: unit.utf8) else { return nil }
        let parts = field.utf8.dropFirst(unit.utf8.count).split(
            separator: UInt8(ascii: "-"), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let (first, last) = (number(parts[0]), number(parts[1]))
        switch (first, last) {
        case (let first?, let last?):
            return first <= last && last < .max ? first..<(last + 1) : nil
        case (let first?, nil) where parts[1].isEmpty:
            return first..<Int64.max
        case (nil, let count?) where parts[0].isEmpty:
            guard count > 0, let size = try await size(), size > 0 else { return nil }
            return max(0, size - count)..<size
        default:
            return nil
        }
    }

    private static func number(_ digits: Substring.UTF8View) -> Int64? {
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int64(String(decoding: digits, as: UTF8.self))
    }
}
