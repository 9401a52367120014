/// Cuts a stream of bytes into packet lines, however the bytes were split on their way.
///
/// Linear in the number of bytes: what was read is skipped by an index and dropped only once it is half of the buffer.
/// An error stays: the bytes it is about are never consumed, so asking again says the same.
package struct PacketLineDecoder: Sendable {
    /// How much read data is not worth moving the rest for, in bytes: one packet of the largest size.
    private static let compactionThreshold = PacketLine.maximumLength

    private var buffer: [UInt8] = []
    private var position = 0

    package init() {}

    /// How many bytes were appended and not yet handed out.
    package var pendingCount: Int { buffer.count - position }

    /// Adds bytes as they came.
    package mutating func append(_ bytes: [UInt8]) {
        if position == buffer.count {
            buffer = bytes
            position = 0
            return
        }
        if position > Self.compactionThreshold, position > buffer.count / 2 {
            buffer.removeSubrange(..<position)
            position = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// Takes the next packet.
    ///
    /// - Returns: The packet, or `nil` when more bytes are needed.
    /// - Throws: ``PacketLineError`` when what comes next is no packet.
    package mutating func next() throws(PacketLineError) -> PacketLine? {
        guard pendingCount >= PacketLine.headerLength else { return nil }
        let length = try announcedLength()
        switch length {
        case 0: return skipHeader(.flush)
        case 1: return skipHeader(.delimiter)
        case 2: return skipHeader(.responseEnd)
        case 3: throw .reservedLength
        default: break
        }
        guard length <= PacketLine.maximumLength else { throw .tooLong(length) }
        guard pendingCount >= length else { return nil }
        let payload = Array(buffer[position + PacketLine.headerLength..<position + length])
        position += length
        return .data(payload)
    }

    /// Hands out all bytes that are left, such as the start of a pack after the last packet line.
    package mutating func takeRemainder() -> [UInt8] {
        defer {
            buffer = []
            position = 0
        }
        return position == 0 ? buffer : Array(buffer[position...])
    }

    private func announcedLength() throws(PacketLineError) -> Int {
        let digits = buffer[position..<position + PacketLine.headerLength]
        var length = 0
        for digit in digits {
            guard let value = digit.hexValue else { throw .badLength(ClientText.line(digits, maximumBytes: 16)) }
            length = length << 4 | Int(value)
        }
        return length
    }

    private mutating func skipHeader(_ packet: PacketLine) -> PacketLine {
        position += PacketLine.headerLength
        return packet
    }
}
