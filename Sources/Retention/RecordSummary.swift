import FoundationEssentials

/// What a sweep wants to know of a `build.json`, whatever else there is in it.
struct RecordSummary: Decodable, Equatable {
    let outcome: String
    let commit: String

    /// Of a build that has not ended, or whose server has.
    static let running = "running"
    /// Of a build that is worth keeping.
    static let succeeded = "succeeded"

    /// Reads a record, also one of a later version.
    ///
    /// - Throws: `DecodingError` when it is none.
    init(decoding bytes: [UInt8]) throws {
        self = try JSONDecoder().decode(RecordSummary.self, from: Data(bytes))
    }
}
