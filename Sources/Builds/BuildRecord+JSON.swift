import FoundationEssentials

extension BuildRecord {
    /// The record as JSON that people can read, with keys in a stable order.
    ///
    /// - Throws: `EncodingError`, which no value of this type causes.
    package func encoded() throws -> [UInt8] { try RecordJSON.encode(self) }

    /// Reads a stored record.
    ///
    /// - Throws: `DecodingError` when `bytes` are no record.
    package init(decoding bytes: [UInt8]) throws {
        self = try JSONDecoder().decode(BuildRecord.self, from: Data(bytes))
    }
}

extension RunningBuildRecord {
    /// The record as JSON, like that of ``BuildRecord``.
    ///
    /// - Throws: `EncodingError`, which no value of this type causes.
    package func encoded() throws -> [UInt8] { try RecordJSON.encode(self) }
}
