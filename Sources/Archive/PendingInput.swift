/// Bytes that came in and are not used up yet.
struct PendingInput: Sendable {
    /// All that is held; the first ``position`` of them are used up.
    private(set) var bytes: [UInt8] = []
    private(set) var position = 0

    /// How many are left.
    var count: Int { bytes.count - position }

    /// Adds bytes; where all was used up, they take the others' place without being copied.
    mutating func append(_ more: [UInt8]) {
        if count == 0 {
            bytes = more
        } else {
            bytes.removeSubrange(..<position)
            bytes += more
        }
        position = 0
    }

    /// Uses up the next bytes; there must be as many.
    mutating func take(_ count: Int) -> ArraySlice<UInt8> {
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    /// The same, for bytes that nobody wants to see.
    mutating func skip(_ count: Int) { position += count }
}
