import Builds
import Identifiers
import Logging
import ObjectStorage
import Retries

extension Sweep {
    /// Decides what of an app goes, and deletes it.
    mutating func sweep(_ inventory: AppInventory) async throws {
        let (app, policy) = (inventory.app, sweeper.policy)
        var records = BuildRecords(app: app, store: sweeper.store, retry: sweeper.retry, logger: sweeper.logger)
        let expired = try await policy.expired(among: inventory.builds, now: now) { id in
            try await records.summary(id)?.outcome == RecordSummary.succeeded
        }
        let expiredIDs = Set(expired.map(\.id))
        let kept = inventory.builds.filter { !expiredIDs.contains($0.id) }
        for build in kept where shouldHaveEnded(build) {
            try await tidy(build, of: app, &records)
        }
        let sources = try await policy.expired(among: inventory.sources, now: now) {
            try await Self.commits(of: kept, &records)
        }
        summary.keptBuilds += kept.count
        summary.keptSources += inventory.sources.count - sources.count
        try await delete(expired, of: app)
        try await delete(sources, of: app)
    }

    /// The commits of builds; nil when a record cannot be read, for it may be any commit's.
    private static func commits(of builds: [StoredBuild], _ records: inout BuildRecords) async throws -> Set<String>? {
        var commits: Set<String> = []
        for build in builds where build.hasRecord {
            guard let summary = try await records.summary(build.id) else { return nil }
            commits.insert(summary.commit)
        }
        return commits
    }

    // MARK: Builds whose server is gone

    private func shouldHaveEnded(_ build: StoredBuild) -> Bool {
        build.mayBeUnfinished && build.time < now - sweeper.policy.abandonedAfter.components.seconds
    }

    /// Looks into a build that seems to have stopped half-way.
    private mutating func tidy(
        _ build: StoredBuild, of app: AppName, _ records: inout BuildRecords
    ) async throws {
        guard let reading = try await records.read(build.id), let outcome = reading.summary?.outcome else { return }
        if outcome == RecordSummary.running {
            try await end(build, reading, of: app, &records)
        } else if build.hasNeedlessParts {
            try await delete(build.partKeys(in: app))
            note(
                SweepItem(
                    subject: .logParts(app, build.id), objects: build.partCount, bytes: build.partBytes,
                    time: build.time))
        }
    }

    /// Corrects the record of a build that is said to run.
    private mutating func end(
        _ build: StoredBuild, _ reading: BuildRecords.Reading, of app: AppName, _ records: inout BuildRecords
    ) async throws {
        guard let record = try? AbandonedRecord.ended(reading.bytes, now: now) else { return }
        if !isDryRun {
            let key = try BuildKeys(app: app, id: build.id.rawValue).record
            do {
                try await sweeper.retry.run {
                    _ = try await sweeper.store.put(key, bytes: record, condition: .ifMatch(etag: reading.etag))
                }
            } catch let error as ObjectStoreError where error.kind == .conditionFailed {
                // It ended after all, or somebody else corrected it.
                return records.forget(build.id)
            }
            sweeper.logger.notice(
                "a build had ended with its server", metadata: ["app": "\(app)", "build": "\(build.id)"])
        }
        summary.abandoned += 1
        report(SweepItem(subject: .abandoned(app, build.id), objects: 0, bytes: 0, time: build.time))
    }

    // MARK: Deletion

    private mutating func delete(_ builds: [StoredBuild], of app: AppName) async throws {
        var (batch, contents, records): ([StoredBuild], [ObjectKey], [ObjectKey]) = ([], [], [])
        for (index, build) in builds.enumerated() {
            let keys = try build.keys(in: app)
            batch.append(build)
            contents += keys.contents
            records.append(keys.record)
            guard contents.count + records.count >= Self.batchSize || index == builds.count - 1 else { continue }
            try await delete(contents)
            try await delete(records)
            for build in batch {
                note(
                    SweepItem(
                        subject: .build(app, build.id), objects: build.objects, bytes: build.bytes, time: build.time))
            }
            summary.builds += batch.count
            (batch, contents, records) = ([], [], [])
        }
    }

    private mutating func delete(_ sources: [StoredSource], of app: AppName) async throws {
        var rest = sources[...]
        while !rest.isEmpty {
            let batch = rest.prefix(Self.sourceBatchSize)
            rest = rest.dropFirst(Self.sourceBatchSize)
            // All at once, and last of all: a push of the same commit may store one anew at any time.
            let unchanged = try await unchanged(batch, of: app)
            let keys = try unchanged.map { try $0.key(in: app) }
            try await delete(keys)
            for source in unchanged {
                note(
                    SweepItem(
                        subject: .source(app, commit: source.commit), objects: 1, bytes: source.size,
                        time: source.modified))
            }
            summary.sources += unchanged.count
        }
    }

    /// The sources that are as they were listed.
    private func unchanged(_ sources: ArraySlice<StoredSource>, of app: AppName) async throws -> [StoredSource] {
        let (store, retry) = (sweeper.store, sweeper.retry)
        return try await withThrowingTaskGroup(of: (Int, Bool).self) { group in
            for (index, source) in zip(sources.indices, sources) {
                let key = try source.key(in: app)
                group.addTask {
                    let head = try await retry.run { try await store.head(key) }
                    // A store may cut the time in one answer and round it in the other.
                    return (index, head.map { $0.modified <= source.modified + 1 } ?? false)
                }
            }
            var same: Set<Int> = []
            for try await (index, isSame) in group where isSame { same.insert(index) }
            return sources.indices.filter(same.contains).map { sources[$0] }
        }
    }
}
