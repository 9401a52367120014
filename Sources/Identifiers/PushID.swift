import Glibc

/// The identity of one push: a ULID, so ids sort by the time they were made.
///
/// 26 characters of Crockford's base 32: 48 bits of milliseconds since 1970, then 80 random bits
/// (the ULID specification, github.com/ulid/spec).
package struct PushID: Hashable, Sendable {
    private static let length = 26
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// The 26 characters.
    package let rawValue: String

    /// Takes an id that was made earlier.
    ///
    /// - Returns: `nil` when `text` is not the text of a ULID.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        // The first character carries only 3 of the 48 time bits.
        guard bytes.count == Self.length, bytes[0] <= UInt8(ascii: "7"),
            bytes.allSatisfy(Self.alphabet.contains)
        else { return nil }
        rawValue = text
    }

    private init(milliseconds: UInt64, random: (UInt64, UInt16)) {
        var high = milliseconds << 16 | UInt64(random.1)
        var low = random.0
        var characters = [UInt8](repeating: 0, count: Self.length)
        for index in stride(from: Self.length - 1, through: 0, by: -1) {
            characters[index] = Self.alphabet[Int(low & 31)]
            low = low >> 5 | high << 59
            high >>= 5
        }
        rawValue = String(decoding: characters, as: UTF8.self)
    }

    /// Makes the id of a push that starts now.
    package static func generate() -> PushID {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        let milliseconds = UInt64(now.tv_sec) * 1000 + UInt64(now.tv_nsec) / 1_000_000
        var generator = SystemRandomNumberGenerator()
        return PushID(milliseconds: milliseconds, random: (generator.next(), generator.next()))
    }
}

extension PushID: CustomStringConvertible {
    package var description: String { rawValue }
}

extension PushID: Comparable {
    package static func < (left: PushID, right: PushID) -> Bool { left.rawValue < right.rawValue }
}
