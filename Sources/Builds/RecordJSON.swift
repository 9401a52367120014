import FoundationEssentials

/// How records look in the object store.
enum RecordJSON {
    /// JSON that people can read, with keys in a stable order.
    ///
    /// - Throws: `EncodingError`.
    static func encode(_ record: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try Array(encoder.encode(record)) + [UInt8(ascii: "\n")]
    }
}
