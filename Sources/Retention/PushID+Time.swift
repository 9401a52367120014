import Identifiers

extension PushID {
    /// When it was made, in seconds since 1970: the first ten characters are milliseconds in Crockford's base 32.
    var seconds: Int64 {
        var milliseconds: Int64 = 0
        for byte in rawValue.utf8.prefix(10) { milliseconds = milliseconds << 5 | Self.value(of: byte) }
        return milliseconds / 1000
    }

    /// The digits, then the letters without I, L, O and U.
    private static func value(of byte: UInt8) -> Int64 {
        if byte <= UInt8(ascii: "9") { return Int64(byte) - Int64(UInt8(ascii: "0")) }
        let letter = Int64(byte) - Int64(UInt8(ascii: "A")) + 10
        return letter - "ILOU".utf8.reduce(0) { $0 + ($1 < byte ? 1 : 0) }
    }
}
