extension String {
    /// The text as one segment of a URL's path (RFC 3986, section 3.3): everything but unreserved characters escaped.
    ///
    /// A segment of dots alone would be taken as a step upwards; it is escaped too.
    var pathSegment: String {
        let escaped = percentEncoded
        guard !escaped.isEmpty, escaped.utf8.allSatisfy({ $0 == UInt8(ascii: ".") }) else { return escaped }
        return String(repeating: "%2E", count: escaped.utf8.count)
    }

    /// The text with everything but unreserved characters escaped (RFC 3986, section 2.3).
    var percentEncoded: String {
        var result = ""
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += byte < 0x10 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }
}
