/// Several streams in one: each packet's first byte says which it belongs to (gitprotocol-pack, "Packfile Data").
package enum SideBand {
    /// A stream within the stream.
    package enum Channel: UInt8, Sendable {
        /// What git itself reads: the report of a push.
        case data = 1
        /// What the client shows the user, each line with `remote: ` before it.
        case progress = 2
        /// A message that makes the client give up.
        case error = 3
    }

    /// The longest payload of one packet with `side-band-64k`, in bytes.
    package static let maximumPayload = PacketLine.maximumPayload - 1

    /// Frames bytes of any length, in as few packets as it takes.
    ///
    /// - Parameters:
    ///   - bytes: What to send; nothing gives no packet.
    ///   - channel: The stream it belongs to.
    /// - Returns: The packets, one behind the other.
    package static func encode(_ bytes: [UInt8], on channel: Channel) -> [UInt8] {
        var output: [UInt8] = []
        let packets = (bytes.count + maximumPayload - 1) / maximumPayload
        output.reserveCapacity(bytes.count + packets * (PacketLine.headerLength + 1))
        var rest = bytes[...]
        while !rest.isEmpty {
            PacketLineEncoder.append(rest.prefix(maximumPayload), prefix: channel.rawValue, to: &output)
            rest = rest.dropFirst(maximumPayload)
        }
        return output
    }
}
