/// The name of a git object: a SHA-1, 20 bytes.
///
/// Stored as three integers, so a list of many thousand ids costs no allocation each.
package struct ObjectID: Hashable, Sendable {
    /// The length of an id, in bytes.
    package static let byteCount = 20

    /// The length of an id as text, in hex digits.
    package static let hexLength = 40

    /// The id that means "no object": a ref that is created or deleted has it on one side (gitprotocol-pack).
    package static let zero = ObjectID(first: 0, second: 0, third: 0)

    private let first: UInt64
    private let second: UInt64
    private let third: UInt32

    private init(first: UInt64, second: UInt64, third: UInt32) {
        self.first = first
        self.second = second
        self.third = third
    }

    /// Takes an id from its bytes; `nil` when there are not exactly ``byteCount`` of them.
    ///
    /// - Parameter bytes: The bytes, most significant first.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        let middle = bytes.index(bytes.startIndex, offsetBy: 8)
        let last = bytes.index(middle, offsetBy: 8)
        first = bytes[..<middle].reduce(0) { $0 << 8 | UInt64($1) }
        second = bytes[middle..<last].reduce(0) { $0 << 8 | UInt64($1) }
        third = bytes[last...].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Reads an id from its hex digits, in either case, as git does; `nil` when there are not exactly ``hexLength``.
    ///
    /// - Parameter hex: The digits, as ASCII.
    package init?(hex: some Collection<UInt8>) {
        guard hex.count == Self.hexLength else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        var high: UInt8?
        for digit in hex {
            guard let value = digit.hexValue else { return nil }
            if let above = high {
                bytes.append(above << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        self.init(bytes: bytes)
    }

    /// Reads an id from its text; `nil` when that is not exactly ``hexLength`` hex digits.
    package init?(_ text: String) {
        self.init(hex: text.utf8)
    }

    /// Whether this is the id that means "no object".
    package var isZero: Bool { self == .zero }

    /// The 20 bytes, most significant first.
    package var bytes: [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: first >> (56 - 8 * $0)) }
            + (0..<8).map { UInt8(truncatingIfNeeded: second >> (56 - 8 * $0)) }
            + (0..<4).map { UInt8(truncatingIfNeeded: third >> (24 - 8 * $0)) }
    }

    /// The 40 lower-case hex digits.
    package var hex: String {
        String(
            decoding: bytes.flatMap { [UInt8.hexDigits[Int($0 >> 4)], UInt8.hexDigits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

extension ObjectID: CustomStringConvertible {
    package var description: String { hex }
}
