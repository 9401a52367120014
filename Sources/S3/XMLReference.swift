/// References in XML: the five predefined entities, and characters by number.
enum XMLReference {
    /// `&#x10FFFF;` and some leading zeros.
    private static let maximumLength = 12

    /// Reads a reference.
    ///
    /// - Parameters:
    ///   - bytes: The document.
    ///   - position: At the "&"; behind the ";" afterwards.
    /// - Returns: What it stands for.
    /// - Throws: ``XMLError``.
    static func read(_ bytes: ArraySlice<UInt8>, _ position: inout Int) throws(XMLError) -> String {
        let start = position
        let limit = bytes[start...].prefix(maximumLength)
        guard let end = limit.firstIndex(of: UInt8(ascii: ";")) else { throw .malformed(at: start) }
        position = end + 1
        let name = String(decoding: bytes[(start + 1)..<end], as: UTF8.self)
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default: break
        }
        let number =
            name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst(), radix: 10)
        // XML forbids control characters, but the keys of others have them, and S3 writes them so.
        guard name.hasPrefix("#"), let number, let scalar = Unicode.Scalar(number) else {
            throw .malformed(at: start)
        }
        return String(Character(scalar))
    }

    /// Text that can stand between tags.
    ///
    /// - Parameter text: Any text.
    /// - Returns: With what means something replaced.
    static func escape(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default:
                if scalar.value < 0x20 { result += "&#\(scalar.value);" } else { result.unicodeScalars.append(scalar) }
            }
        }
        return result
    }
}
