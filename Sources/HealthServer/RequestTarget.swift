/// A request's path and query, taken apart.
struct RequestTarget: Sendable, Equatable {
    /// Longest that is read, in bytes: every address here is far shorter, and an answer may quote from it.
    static let maximumLength = 2048

    /// What stands between the slashes, decoded; a slash at the end adds nothing.
    let segments: [String]
    /// The query's items in their order, decoded; an item without `=` has an empty value.
    let query: [(name: String, value: String)]

    /// Takes a path apart, as in RFC 3986, section 3.
    ///
    /// - Parameter path: As it came: `/readyz/ssh?verbose&exclude=slots`.
    init(_ path: String) {
        let withoutFragment = path.prefix { $0 != "#" }
        let parts = withoutFragment.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        segments = (parts.first ?? "").split(separator: "/").map { Self.decoded($0, plusIsSpace: false) }
        query = (parts.dropFirst().first ?? "").split(separator: "&").map { item in
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (
                Self.decoded(pair.first ?? "", plusIsSpace: true),
                Self.decoded(pair.dropFirst().first ?? "", plusIsSpace: true)
            )
        }
    }

    static func == (one: Self, other: Self) -> Bool {
        one.segments == other.segments && one.query.elementsEqual(other.query) { $0 == $1 }
    }

    /// Undoes percent-encoding; what is not well encoded stays as it is.
    private static func decoded(_ text: Substring, plusIsSpace: Bool) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let high = hexValue(bytes[index + 1]), let low = hexValue(bytes[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                let isSpace = plusIsSpace && bytes[index] == UInt8(ascii: "+")
                result.append(isSpace ? UInt8(ascii: " ") : bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func hexValue(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
