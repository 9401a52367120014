import FoundationEssentials
package import ObjectStorage

/// A build of which it is known that its server ended with it.
package enum AbandonedBuild {
    /// Corrects its record, if that still says that the build runs.
    ///
    /// - Parameters:
    ///   - key: The record's.
    ///   - store: Where it is.
    /// - Throws: `ObjectStoreError`.
    package static func close(_ key: ObjectKey, in store: any ObjectStore) async throws {
        guard let metadata = try await store.head(key) else { return }
        let bytes = try await store.getAll(key, limit: BuildRecords.maximumSize)
        let now = Int64(Date.now.timeIntervalSince1970)
        // A final record is none of a build that runs.
        guard let summary = try? RecordSummary(decoding: bytes), summary.outcome == RecordSummary.running,
            let record = try? AbandonedRecord.ended(bytes, now: now)
        else { return }
        do {
            _ = try await store.put(key, bytes: record, condition: .ifMatch(etag: metadata.etag))
        } catch let error as ObjectStoreError where error.kind == .conditionFailed {
            // It ended after all, or somebody else corrected it.
        }
    }
}
