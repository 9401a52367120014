/// Where the fields of a tar header block are (POSIX.1-2017 `pax`, "ustar Interchange Format").
enum TarLayout {
    /// Headers and padded content come in blocks of this many bytes.
    static let blockSize = 512

    static let name = 0..<100
    static let mode = 100..<108
    static let userID = 108..<116
    static let groupID = 116..<124
    static let size = 124..<136
    static let modified = 136..<148
    static let checksum = 148..<156
    static let type = 156
    static let link = 157..<257
    static let magic = 257..<265
    static let deviceMajor = 329..<337
    static let deviceMinor = 337..<345
    static let prefix = 345..<500

    /// Magic and version of the POSIX format: only there the prefix field holds a prefix.
    static let posixMagic = Array("ustar\u{0}00".utf8)
    /// Magic and version of GNU's older format, whose prefix field holds other things.
    static let gnuMagic = Array("ustar  \u{0}".utf8)

    /// The largest number that eleven octal digits hold: 8 GiB - 1.
    static let maximumOctal: Int64 = 0o777_7777_7777

    /// The sum of the block's bytes with the checksum field read as spaces.
    ///
    /// - Parameter block: One header block.
    /// - Returns: At most 512 x 255.
    static func sum(of block: ArraySlice<UInt8>) -> Int64 {
        var total: Int64 = 0
        for (offset, byte) in block.enumerated() {
            total += Int64(checksum.contains(offset) ? UInt8(ascii: " ") : byte)
        }
        return total
    }
}
