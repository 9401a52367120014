import Builds
import FoundationEssentials

/// The record of a build whose server ended with it.
struct AbandonedRecord: Encodable {
    static let reason = "the server ended while it ran"

    private enum CodingKeys: String, CodingKey {
        case outcome, reason, finishedAt, phases
    }

    private let running: RunningBuildRecord
    private let noticed: Date

    private init(_ running: RunningBuildRecord, noticed: Date) {
        self.running = running
        self.noticed = noticed
    }

    /// Makes a final record of one that says that its build runs.
    ///
    /// - Parameters:
    ///   - bytes: The record as it is.
    ///   - now: In seconds since 1970.
    /// - Returns: The record as it is to be.
    /// - Throws: `DecodingError`, `EncodingError` when it is none of ours.
    static func ended(_ bytes: [UInt8], now: Int64) throws -> [UInt8] {
        let running = try JSONDecoder().decode(RunningBuildRecord.self, from: Data(bytes))
        let record = AbandonedRecord(running, noticed: Date(timeIntervalSince1970: Double(now)))
        return try BuildRecord(decoding: Array(JSONEncoder().encode(record))).encoded()
    }

    func encode(to encoder: any Encoder) throws {
        // What is known of it, and over that what has become of it.
        try running.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(BuildOutcome.error, forKey: .outcome)
        try container.encode(Self.reason, forKey: .reason)
        // When it really ended nobody knows.
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        try container.encode(noticed.formatted(style), forKey: .finishedAt)
        try container.encode([String: Double](), forKey: .phases)
    }
}
