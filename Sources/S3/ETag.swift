import Crypto

/// Etags as headers and listings have them.
enum ETag {
    /// Takes the quotes off, and the mark of a weak one.
    static func plain(_ text: String) -> String {
        let strong = text.hasPrefix("W/") ? text.dropFirst(2) : text[...]
        guard strong.utf8.count >= 2, strong.hasPrefix("\""), strong.hasSuffix("\"") else { return String(strong) }
        return String(strong.dropFirst().dropLast())
    }

    /// Puts the quotes on.
    ///
    /// - Parameter tag: As ``plain(_:)`` gives it, or anything else.
    /// - Returns: nil when no etag is like that.
    static func quoted(_ tag: String) -> String? {
        // RFC 9110 section 8.8.3, without obs-text.
        let isFit = tag.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\"") }
        return isFit ? "\"\(tag)\"" : nil
    }

    /// Whether it looks like an MD5: 32 hexadecimal digits.
    static func isMD5(_ tag: String) -> Bool { tag.utf8.count == 32 && tag.allSatisfy(\.isHexDigit) }

    /// The etag of an object in parts: the MD5 of the MD5s of all, and how many there are.
    ///
    /// - Parameter parts: The etags of the parts, in order.
    /// - Returns: nil when one of them is no MD5.
    static func ofParts(_ parts: [String]) -> String? {
        var hash = Insecure.MD5()
        for part in parts {
            guard isMD5(part) else { return nil }
            let digits = part.utf8.map { UInt8(Character(Unicode.Scalar($0)).hexDigitValue ?? 0) }
            hash.update(data: stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
        }
        return hash.finalize().hex + "-\(parts.count)"
    }
}
