/// CRC-32 as in zlib (ISO/IEC 13239), for checksums that other programs stored.
struct CRC32: Sendable {
    /// Eight tables, so that eight bytes are taken at a time ("slicing-by-8", Kounavis and Berry, 2008).
    private static let tables: [[UInt32]] = {
        var tables = [[UInt32]](repeating: [UInt32](repeating: 0, count: 256), count: 8)
        for index in 0..<256 {
            var value = UInt32(index)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
            tables[0][index] = value
        }
        for index in 0..<256 {
            for level in 1..<8 {
                let before = tables[level - 1][index]
                tables[level][index] = before >> 8 ^ tables[0][Int(before & 255)]
            }
        }
        return tables
    }()

    private var state: UInt32 = 0xffff_ffff

    /// The sum of what came so far.
    var value: UInt32 { ~state }

    /// Adds bytes.
    mutating func update(_ bytes: [UInt8]) {
        let tables = Self.tables
        var index = 0
        while index + 8 <= bytes.count {
            var low = state
            for offset in 0..<4 { low ^= UInt32(bytes[index + offset]) << UInt32(8 * offset) }
            var next = tables[7][Int(low & 255)] ^ tables[6][Int(low >> 8 & 255)]
            next ^= tables[5][Int(low >> 16 & 255)] ^ tables[4][Int(low >> 24)]
            next ^= tables[3][Int(bytes[index + 4])] ^ tables[2][Int(bytes[index + 5])]
            next ^= tables[1][Int(bytes[index + 6])] ^ tables[0][Int(bytes[index + 7])]
            state = next
            index += 8
        }
        for byte in bytes[index...] { state = state >> 8 ^ tables[0][Int((state ^ UInt32(byte)) & 255)] }
    }
}
