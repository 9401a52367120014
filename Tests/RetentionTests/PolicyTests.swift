import Identifiers
import ObjectStorage
import TestSupport
import Testing

@testable import Retention

@Suite("Retention policy") struct PolicyTests {
    private static let now = TestStore.now

    /// Builds as a text has them, the oldest first: days of age, then `s` when it succeeded, `-` when it has no record.
    private static func builds(_ text: String) throws -> [(build: StoredBuild, succeeded: Bool)] {
        try text.split(separator: " ").enumerated().map { index, word in
            let age = try #require(Int64(word.prefix { $0.isNumber }))
            let build = try stored(age: age * day + 1, number: Int64(index), hasRecord: !word.hasSuffix("-"))
            return (build, word.hasSuffix("s"))
        }
    }

    private static func stored(age: Int64, number: Int64, hasRecord: Bool) throws -> StoredBuild {
        var build = StoredBuild(id: .at(now - age, number))
        let key = try ObjectKey("apps/blog/builds/\(build.id)/x")
        build.add(
            hasRecord ? .record : .artifact, ObjectMetadata(key: key, size: 1, etag: "", modified: now - age))
        return build
    }

    @Test(
        "the newest, the young and the latest that succeeded stay",
        arguments: [
            // By number.
            ("40s 39s 38s 37s", 2, 30, "40 39"),
            ("40s 39s", 2, 30, ""),
            ("", 2, 30, ""),
            // By age.
            ("40s 31s 30s 29s 28s 1s", 2, 30, "40 31 30"),
            ("3s 2s 1s", 0, 30, ""),
            // The latest that succeeded, wherever it is.
            ("40s 39s 38 37", 2, 30, "40"),
            ("40s 39 38 37 36", 2, 30, "39 38"),
            ("40 39 38 37", 2, 30, "40 39"),
            ("40s 39s 38s 1", 0, 30, "40 39"),
            ("40s 39", 0, 0, "39"),
            ("40 39s", 0, 0, "40"),
            // One without a record is neither a build that counts nor one that is kept for long.
            ("40s 39s 38- 37s", 2, 30, "40 38"),
            ("40- 39s", 2, 30, "40"),
            ("5- 4s", 0, 30, ""),
        ])
    func table(_ text: String, keep: Int, days: Int64, goes: String) async throws {
        let policy = RetentionPolicy(keepBuilds: keep, keepFor: .seconds(days * day))
        let all = try Self.builds(text)
        let succeeded = Set(all.filter(\.succeeded).map(\.build.id))
        // The order does not matter.
        let expired = try await policy.expired(among: all.map(\.build).shuffled(), now: Self.now) {
            succeeded.contains($0)
        }
        #expect(expired.map { "\((Self.now - $0.time) / day)" }.joined(separator: " ") == goes)
    }

    @Test("a build that may run stays, whatever the limits", arguments: [(59, false), (61, true)])
    func grace(minutes: Int64, goes: Bool) async throws {
        let policy = RetentionPolicy(keepBuilds: 0, keepFor: .zero, abandonedAfter: .seconds(3600))
        let build = try Self.stored(age: minutes * 60, number: 0, hasRecord: true)
        let expired = try await policy.expired(among: [build], now: Self.now) { _ in false }
        #expect(expired == (goes ? [build] : []))
    }

    @Test("a clock that was wrong for a while makes no build look old")
    func wrongClock() throws {
        var build = StoredBuild(id: .at(5))
        let key = try ObjectKey("apps/blog/builds/\(build.id)/build.json")
        build.add(.record, ObjectMetadata(key: key, size: 1, etag: "", modified: Self.now))
        #expect(build.time == Self.now)
        #expect(RetentionPolicy().isYoung(.max, now: Self.now))
    }

    @Test("outcomes are asked for only where they decide")
    func questions() async throws {
        var asked: [PushID] = []
        let policy = RetentionPolicy(keepBuilds: 3, keepFor: .seconds(30 * day))
        let all = try Self.builds("50s 49s 48s 47 46s 45").map(\.build)
        _ = try await policy.expired(among: Array(all.suffix(3)), now: Self.now) { _ in
            Issue.record("asked for nothing")
            return false
        }
        let expired = try await policy.expired(among: all, now: Self.now) { id in
            asked.append(id)
            return id == all[4].id
        }
        #expect(asked == [all[5].id, all[4].id])
        #expect(expired == Array(all.prefix(3)))
    }

    @Test("whatever the builds are, the promises hold", arguments: [UInt64.random(in: 0 ... .max)])
    func properties(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        for round in 0..<300 {
            let keep = Int.random(in: 0...6, using: &random)
            let keepFor = Int64.random(in: 0...40, using: &random) * day
            let policy = RetentionPolicy(keepBuilds: keep, keepFor: .seconds(keepFor))
            let all = try (0..<Int64.random(in: 0...20, using: &random)).map { number in
                let age = Int64.random(in: -5 * day...60 * day, using: &random)
                return try Self.stored(age: age, number: number, hasRecord: Int.random(in: 0...9, using: &random) > 0)
            }
            let succeeded = Set(all.filter { _ in Bool.random(using: &random) }.map(\.id))
            let expired = try await policy.expired(among: all, now: Self.now) { succeeded.contains($0) }
            let gone = Set(expired.map(\.id))
            let recorded = all.filter(\.hasRecord).map(\.id).sorted(by: >)

            let context = "seed \(seed), round \(round)"
            #expect(gone.count == expired.count, "\(context)")
            #expect(gone.isDisjoint(with: recorded.prefix(keep)), "\(context)")
            #expect(expired.allSatisfy { $0.time <= Self.now - keepFor }, "\(context)")
            if let latest = recorded.first(where: succeeded.contains) {
                #expect(!gone.contains(latest), "\(context)")
            }
            // What stays and is old is among the newest, or the one that succeeded.
            let kept = all.filter { !gone.contains($0.id) }
            let old = kept.filter { $0.time <= Self.now - max(keepFor, 90 * 60) }
            #expect(old.count <= keep + 1, "\(context)")
            let again = try await policy.expired(among: kept, now: Self.now) { succeeded.contains($0) }
            #expect(again.isEmpty, "\(context)")
        }
    }

    @Test(
        "sources stay when they are among the newest, young, or of a build that stays",
        arguments: [
            ([40, 39, 38, 37], [], [40, 39]),
            ([40, 39, 38, 37], [40], [39]),
            ([40, 29, 28, 27], [], [40]),
            ([40, 39], [], []),
            ([], [], []),
        ] as [([Int], [Int], [Int])])
    func sources(ages: [Int], used: [Int], goes: [Int]) async throws {
        let policy = RetentionPolicy(keepBuilds: 2, keepFor: .seconds(30 * day))
        let sources = ages.map { StoredSource(commit: commit($0), size: 1, modified: Self.now - Int64($0) * day) }
        let expired = try await policy.expired(among: sources.shuffled(), now: Self.now) { Set(used.map(commit)) }
        #expect(expired.map(\.commit) == goes.map(commit))
    }

    @Test("where it is not known what builds need, no source goes")
    func unknownUse() async throws {
        let policy = RetentionPolicy(keepBuilds: 0, keepFor: .zero)
        let source = StoredSource(commit: commit(1), size: 1, modified: 0)
        #expect(try await policy.expired(among: [source], now: Self.now) { nil } == [])
        #expect(try await policy.expired(among: [source], now: Self.now) { [] } == [source])
    }
}
