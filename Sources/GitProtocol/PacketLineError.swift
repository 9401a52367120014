/// Why bytes are no packet line.
package enum PacketLineError: Error, Equatable, Sendable {
    /// The length is not four hex digits; the text is what came, made printable.
    case badLength(String)
    /// The length is 3, which means nothing.
    case reservedLength
    /// The length is above ``PacketLine/maximumLength``.
    case tooLong(Int)
}

extension PacketLineError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badLength(let text):
            "expected the length of a git packet, four hex digits, got \"\(text)\"; is the other side git?"
        case .reservedLength:
            "expected the length of a git packet, got the reserved 0003; is the other side git?"
        case .tooLong(let length):
            "a git packet has at most \(PacketLine.maximumLength) bytes, one of \(length) was announced"
        }
    }
}
