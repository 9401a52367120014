import Foundation

/// Well-formed keys that nobody holds.
enum Samples {
    static let alice = key(1)
    static let bob = key(2)

    /// A well-formed Ed25519 line that differs from others by `byte`.
    static func key(_ byte: UInt8) -> String {
        "ssh-ed25519 " + base64(blob(number: Int(byte)))
    }

    static func blob(number: Int) -> [UInt8] {
        string("ssh-ed25519")
            + string((0..<32).map { $0 < 4 ? UInt8(truncatingIfNeeded: number >> (8 * $0)) : 7 })
    }

    static func string(_ text: String) -> [UInt8] { string(Array(text.utf8)) }

    static func string(_ bytes: [UInt8]) -> [UInt8] {
        let count = bytes.count
        return [UInt8(count >> 24), UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255)] + bytes
    }

    static func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
