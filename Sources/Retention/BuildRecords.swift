import Builds
import Identifiers
import Logging
import ObjectStorage
import Retries

/// Reads the records of one app's builds, each at most once.
struct BuildRecords {
    /// Bytes of the largest record that is read; ours have about one thousand.
    static let maximumSize = 1 << 20

    /// A record as it is in the store.
    struct Reading {
        /// nil when it is no record that can be understood.
        let summary: RecordSummary?
        let bytes: [UInt8]
        let etag: String
    }

    private let app: AppName
    private let store: any ObjectStore
    private let retry: Retry
    private let logger: Logger
    private var summaries: [PushID: RecordSummary?] = [:]

    init(app: AppName, store: any ObjectStore, retry: Retry, logger: Logger) {
        self.app = app
        self.store = store
        self.retry = retry
        self.logger = logger
    }

    /// What a build's record says.
    ///
    /// - Returns: nil when there is none, or none that can be understood.
    /// - Throws: `ObjectStoreError`, `CancellationError`.
    mutating func summary(_ id: PushID) async throws -> RecordSummary? {
        if let known = summaries[id] { return known }
        let summary = try await read(id)?.summary
        summaries[id] = .some(summary)
        return summary
    }

    /// Reads a record now.
    ///
    /// - Returns: nil when there is none any more.
    /// - Throws: `ObjectStoreError`, `CancellationError`.
    mutating func read(_ id: PushID) async throws -> Reading? {
        let key = try BuildKeys(app: app, id: id.rawValue).record
        do {
            let reading = try await retry.run { try await read(key) }
            summaries[id] = .some(reading.summary)
            if reading.summary == nil { warn(key, "it is not what Slipway writes") }
            return reading
        } catch let error as ObjectStoreError {
            switch error.kind {
            case .notFound: return nil
            case .damaged, .tooLarge: warn(key, "\(error)")
            default: throw error
            }
            return Reading(summary: nil, bytes: [], etag: "")
        }
    }

    /// What was written meanwhile is not known any more.
    mutating func forget(_ id: PushID) { summaries[id] = nil }

    private func read(_ key: ObjectKey) async throws -> Reading {
        let object = try await store.get(key, range: nil)
        guard object.metadata.size <= Self.maximumSize else {
            throw ObjectStoreError(.tooLarge, .get, key, detail: "\(object.metadata.size) bytes")
        }
        var bytes: [UInt8] = []
        for try await chunk in object.body { bytes += chunk }
        return Reading(summary: try? RecordSummary(decoding: bytes), bytes: bytes, etag: object.metadata.etag)
    }

    private func warn(_ key: ObjectKey, _ reason: String) {
        logger.warning("a build's record cannot be read", metadata: ["key": "\(key)", "reason": "\(reason)"])
    }
}
