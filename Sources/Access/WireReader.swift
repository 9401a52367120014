/// Reads the data types of RFC 4251 section 5 from the start of a byte array.
struct WireReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    /// How many bytes are not read yet.
    var remaining: Int { rest.count }

    /// Reads a `string`: a length of four bytes, and so many bytes.
    mutating func string() throws(PublicKeyError) -> ArraySlice<UInt8> {
        guard rest.count >= 4 else { throw .truncated }
        let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(4)
        guard length <= rest.count else { throw .truncated }
        defer { rest = rest.dropFirst(length) }
        return rest.prefix(length)
    }

    /// Reads an `mpint` that is positive and in its only shortest form, and drops its sign byte.
    ///
    /// The RFC forbids needless leading zeros; accepting them would give one key several blobs.
    mutating func positiveInteger() throws(PublicKeyError) -> ArraySlice<UInt8> {
        let bytes = try string()
        guard let first = bytes.first, first < 0x80 else { throw .badRSANumber }
        guard first == 0 else { return bytes }
        let digits = bytes.dropFirst()
        guard let second = digits.first, second >= 0x80 else { throw .badRSANumber }
        return digits
    }
}
