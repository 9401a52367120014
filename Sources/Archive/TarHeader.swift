/// The fields of one header block as they stand there, before extended headers are applied.
struct TarHeader {
    let name: [UInt8]
    let link: [UInt8]
    let type: UInt8
    let size: Int64
    let mode: Int64
    let modified: Int64

    /// Reads a block.
    ///
    /// - Parameter block: Exactly ``TarLayout/blockSize`` bytes.
    /// - Throws: ``TarError`` when it is no ustar, pax or GNU header, or its checksum is wrong.
    init(_ block: ArraySlice<UInt8>) throws(TarError) {
        guard block.count == TarLayout.blockSize else { throw .truncated }
        func field(_ range: Range<Int>) -> ArraySlice<UInt8> {
            block[(block.startIndex + range.lowerBound)..<(block.startIndex + range.upperBound)]
        }
        let magic = field(TarLayout.magic)
        let isPOSIX = magic.elementsEqual(TarLayout.posixMagic)
        guard isPOSIX || magic.elementsEqual(TarLayout.gnuMagic) else { throw .notUstar }
        let stored = try Self.number(field(TarLayout.checksum), "checksum")
        guard stored == TarLayout.sum(of: block) else { throw .badChecksum }

        let base = field(TarLayout.name).prefix { $0 != 0 }
        let prefix = isPOSIX ? field(TarLayout.prefix).prefix { $0 != 0 } : []
        name = prefix.isEmpty ? Array(base) : prefix + [UInt8(ascii: "/")] + base
        link = Array(field(TarLayout.link).prefix { $0 != 0 })
        type = block[block.startIndex + TarLayout.type]
        size = try Self.number(field(TarLayout.size), "size")
        mode = try Self.number(field(TarLayout.mode), "mode")
        modified = try Self.number(field(TarLayout.modified), "modification time")
        guard size >= 0 else { throw .badNumber(field: "size") }
    }

    /// Reads octal digits, or GNU's base-256 form that the highest bit of the first byte marks.
    private static func number(_ field: ArraySlice<UInt8>, _ name: String) throws(TarError) -> Int64 {
        guard let first = field.first else { return 0 }
        if first & 0x80 != 0 { return try binary(field, name) }
        var value: Int64 = 0
        let digits = field.drop { $0 == UInt8(ascii: " ") }.prefix { $0 != 0 && $0 != UInt8(ascii: " ") }
        // Twelve octal digits are 36 bits: no overflow.
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit) else { throw .badNumber(field: name) }
            value = value << 3 | Int64(digit - UInt8(ascii: "0"))
        }
        return value
    }

    private static func binary(_ field: ArraySlice<UInt8>, _ name: String) throws(TarError) -> Int64 {
        // 0x80 and 0xff are the only first bytes of numbers that fit in 64 bits.
        let filler: UInt8
        switch field.first {
        case 0x80: filler = 0
        case 0xff: filler = 0xff
        default: throw .badNumber(field: name)
        }
        let bytes = field.dropFirst()
        let low = bytes.suffix(8)
        guard bytes.dropLast(low.count).allSatisfy({ $0 == filler }) else { throw .badNumber(field: name) }
        var bits: UInt64 = filler == 0 ? 0 : .max
        for byte in low { bits = bits << 8 | UInt64(byte) }
        let value = Int64(bitPattern: bits)
        guard (value < 0) == (filler != 0) else { throw .badNumber(field: name) }
        return value
    }
}
