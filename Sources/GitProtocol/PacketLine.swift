/// One packet of git's framing: four hex digits of length, then that many bytes less four (gitprotocol-common).
package enum PacketLine: Equatable, Sendable {
    /// The longest packet, its four length digits included (`LARGE_PACKET_MAX` in git's pkt-line.h).
    package static let maximumLength = 65520

    /// The length of the digits before the payload.
    package static let headerLength = 4

    /// The longest payload.
    package static let maximumPayload = maximumLength - headerLength

    /// A payload, which may be empty; a newline at its end is still there.
    case data([UInt8])
    /// `0000`, the end of a list.
    case flush
    /// `0001`, the end of a section (protocol version 2).
    case delimiter
    /// `0002`, the end of a response (protocol version 2, stateless).
    case responseEnd
}
