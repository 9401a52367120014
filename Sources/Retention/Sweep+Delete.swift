import CoreMetrics
import ObjectStorage
import Retries

extension Sweep {
    /// Objects that go at once, and after which others have the store: a delete request of S3 takes 1,000.
    static let batchSize = 500

    /// Sources that go at once: they are looked at together, and little time may pass between that and their deletion.
    static let sourceBatchSize = 16

    /// Deletes objects, or nothing in a dry run.
    mutating func delete(_ keys: [ObjectKey]) async throws {
        guard !isDryRun, !keys.isEmpty else { return }
        var rest = keys[...]
        // One build may have more parts than a batch has room.
        while !rest.isEmpty {
            let batch = Array(rest.prefix(Self.batchSize))
            rest = rest.dropFirst(Self.batchSize)
            try await sweeper.retry.run { try await sweeper.store.delete(batch) }
            if sweeper.pause > .zero { try await Task.sleep(for: sweeper.pause) }
        }
    }

    /// Counts what went, and tells of it.
    mutating func note(_ item: SweepItem) {
        summary.objects += item.objects
        summary.bytes += item.bytes
        if !isDryRun {
            sweeper.metrics.deletedObjects.increment(by: Int64(item.objects))
            sweeper.metrics.deletedBytes.increment(by: item.bytes)
        }
        report(item)
    }
}
