/// Writes packet lines.
package enum PacketLineEncoder {
    /// The packet that ends a list.
    package static let flush = Array("0000".utf8)

    /// The largest `ERR` packet, its length digits included: old clients read such lines into 1,000 bytes with a NUL.
    package static let maximumErrorLength = 999

    private static let errorPrefix = "ERR "

    /// Frames one payload.
    ///
    /// - Parameter payload: At most ``PacketLine/maximumPayload`` bytes. The rest of a longer one is cut off, so that
    ///   the framing holds whatever a caller does; callers bound what they send.
    /// - Returns: The packet.
    package static func line(_ payload: [UInt8]) -> [UInt8] {
        var packet: [UInt8] = []
        packet.reserveCapacity(PacketLine.headerLength + payload.count)
        append(payload[...], to: &packet)
        return packet
    }

    /// Frames one line of text; a newline that belongs to it is in `text`.
    package static func line(_ text: String) -> [UInt8] {
        line(Array(text.utf8))
    }

    /// Makes the packet with which a server refuses in place of an advertisement (gitprotocol-pack, "error-line").
    ///
    /// Git prints it as `fatal: remote error: ` and the text, so the text may have several lines.
    ///
    /// - Parameter message: Any text; made printable and cut to ``maximumErrorLength``.
    /// - Returns: The packet.
    package static func error(_ message: String) -> [UInt8] {
        let room = maximumErrorLength - PacketLine.headerLength - errorPrefix.utf8.count
        return line(errorPrefix + ClientText.lines(message, maximumBytes: room))
    }

    /// Adds one packet with `payload`, and before it `prefix`, to `output`.
    static func append(_ payload: ArraySlice<UInt8>, prefix: UInt8? = nil, to output: inout [UInt8]) {
        let extra = prefix == nil ? 0 : 1
        let payload = payload.prefix(PacketLine.maximumPayload - extra)
        let length = PacketLine.headerLength + extra + payload.count
        for shift in [12, 8, 4, 0] {
            output.append(UInt8.hexDigits[length >> shift & 15])
        }
        if let prefix { output.append(prefix) }
        output.append(contentsOf: payload)
    }
}
