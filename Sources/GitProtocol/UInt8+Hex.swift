extension UInt8 {
    /// The digits of lower-case hexadecimal, as git writes object ids and packet lengths.
    static let hexDigits = Array("0123456789abcdef".utf8)

    /// What this byte is worth as an ASCII hex digit, in either case; `nil` when it is none.
    var hexValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// Whether this byte is an ASCII control character: below the space, or DEL.
    var isControl: Bool { self < 0x20 || self == 0x7f }
}
