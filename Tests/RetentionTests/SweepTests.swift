import Identifiers
import ObjectStorage
import Synchronization
import TestSupport
import Testing

@testable import Retention

@Suite("Sweeping", .timeLimit(.minutes(5))) struct SweepTests {
    let store: TestStore

    init() throws { store = try TestStore() }

    @Test("old builds go with all that is theirs, the newest and the young stay with all of it")
    func builds() async throws {
        let old = try await store.addBuild(age: 40 * day, parts: 3)
        let ids = try [await store.addBuild(age: 30 * day), await store.addBuild(age: 20 * day)]
        let summary = try await store.sweep(.small)
        #expect(try await store.builds() == ids.map(\.rawValue))
        #expect(try await store.keys("apps/blog/builds/\(old)").isEmpty)
        #expect(try await store.keys().count == 6)
        #expect(summary.builds == 1 && summary.objects == 6 && summary.keptBuilds == 2 && summary.apps == 1)
        #expect(try await store.sweep(.small).objects == 0)
    }

    @Test("each app is by itself, also when the name of one begins with the other's")
    func apps() async throws {
        for app in ["blog", "blog-2", "b"] {
            try await store.addBuilds(app, days: 50, 40, 30, 20)
        }
        let summary = try await store.sweep(.small)
        #expect(summary.apps == 3 && summary.builds == 6 && summary.keptBuilds == 6)
        for app in ["blog", "blog-2", "b"] { #expect(try await store.builds(app).count == 2) }
    }

    @Test("the latest build that succeeded stays behind any number that failed, with its source")
    func latestSuccess() async throws {
        let good = try await store.addBuild(age: 60 * day, commit: commit(1))
        try await store.addSource(age: 60 * day, 1)
        for number in 2..<8 {
            try await store.addBuild(age: (60 - Int64(number)) * day, "failed", commit: commit(number))
            try await store.addSource(age: (60 - Int64(number)) * day, number)
        }
        try await store.sweep(.small)
        #expect(try await store.builds().count == 3)
        #expect(try await store.builds().first == good.rawValue)
        #expect(try await store.sources() == [1, 6, 7].map(commit))
    }

    @Test("where nothing is to go nothing is read")
    func reads() async throws {
        try await store.addBuild(age: 5 * day)
        try await store.addSource(age: 5 * day, 0)
        try await store.sweep(.small)
        #expect(store.readCount == 0)
        for number in 1..<20 { try await store.addBuild(age: 40 * day, number: Int64(number)) }
        try await store.sweep(.small)
        #expect(store.readCount == 1)
    }

    @Test("a dry run says the same and deletes nothing")
    func dryRun() async throws {
        for age: Int64 in [50, 40, 30, 20] { try await store.addBuild(age: age * day, commit: commit(Int(age))) }
        for age: Int64 in [60, 50, 40, 30] { try await store.addSource(age: age * day, Int(age)) }
        try await store.addBuild("lost", age: 2 * day, "running", log: false, artifact: false, parts: 2)
        try await store.add("health/x", age: day)
        let before = try await store.keys()
        let (dry, wet) = (Reports(), Reports())
        let dryRun = try await store.sweeper(.small).sweep(dryRun: true, report: dry.add)
        #expect(try await store.keys() == before)
        #expect(
            try await store.read("apps/lost/builds/\(PushID.at(TestStore.now - 2 * day))/build.json").contains(
                "running"))
        let run = try await store.sweeper(.small).sweep(report: wet.add)
        #expect(dryRun == run)
        #expect(dry.items == wet.items)
        #expect(dry.items.count == 6)
        #expect(run.lines(dryRun: false).count == 3)
    }

    @Test("what a person reads says what, whose, how much and of when")
    func texts() async throws {
        let id = try await store.addBuild(age: 40 * day)
        try await store.addBuilds(days: 30, 20)
        let reports = Reports()
        let summary = try await store.sweeper(.small).sweep(dryRun: true, report: reports.add)
        let size = try await store.inner.list(prefix: "apps/blog/builds/\(id)").reduce(Int64(0)) { $0 + $1.size }
        #expect(
            reports.items.map { $0.text(dryRun: true) } == [
                "would delete build \(id) of blog: 3 objects, \(size) B, of 2033-04-08"
            ])
        #expect(
            summary.lines(dryRun: true) == [
                "would delete 3 objects, \(size) B: 1 build, 0 sources, 0 probes",
                "kept 2 builds and 0 sources of 1 app",
            ])
    }

    @Test("objects with names that are none of ours stay, and are counted")
    func foreign() async throws {
        let foreign = [
            "apps/README", "apps/blog/notes.txt", "apps/blog/builds/\(PushID.at(5))/notes", "apps/blog/builds/x/log",
            "apps/blog/sources/master.tar.gz", "apps/UPPER/builds/\(PushID.at(5))/log", "health/deep/x", "other/x",
        ]
        for key in foreign { try await store.add(key, age: 400 * day) }
        let summary = try await store.sweep(RetentionPolicy(keepBuilds: 0, keepFor: .zero))
        #expect(try await Set(store.keys()) == Set(foreign))
        // What is neither below "apps/" nor below "health/" is not even listed.
        #expect(summary.foreign == foreign.count - 1)
    }

    @Test("what checks of the store left goes after an hour")
    func probes() async throws {
        for number in 0..<3 { try await store.add("health/old\(number)", age: 3700) }
        try await store.add("health/new", age: 3500)
        let summary = try await store.sweep(.small)
        #expect(summary.probes == 3 && summary.objects == 3)
        #expect(try await store.keys() == ["health/new"])
    }

    @Test("what is left of a build without a record takes no other's place, and goes when it is old")
    func recordless() async throws {
        try await store.addBuilds(days: 40, 30, 20)
        for age: Int64 in [39, 1] {
            try await store.add("apps/blog/builds/\(PushID.at(TestStore.now - age * day))/log", age: age * day)
        }
        try await store.sweep(.small)
        #expect(try await store.builds().count == 2)
        #expect(try await store.keys().count == 7)
    }

    @Test("a sweep that was stopped anywhere leaves only what the next one finds", arguments: [1, 2, 3, 4, 5, 6])
    func interrupted(at call: Int) async throws {
        struct Stopped: Error {}
        for number in 0..<300 {
            try await store.addBuild(age: 40 * day, number: Int64(number), artifact: number % 2 == 0)
        }
        for number in 0..<120 { try await store.addSource(age: 40 * day, number) }
        let count = Mutex(0)
        store.intercept { [store] event in
            guard case .delete(let keys) = event,
                count.withLock({
                    $0 += 1; return $0
                }) == call
            else { return }
            // Half of them are gone, as after a crash.
            try await store.inner.delete(Array(keys.prefix(keys.count / 2)))
            throw Stopped()
        }
        await #expect(throws: Stopped.self) { try await store.sweep(.small) }
        store.intercept(nil)
        let ids = Set(try await store.keys("apps/blog/builds/").map { String($0.split(separator: "/")[3]) })
        #expect(try await Set(store.builds()) == ids)
        try await store.sweep(.small)
        #expect(try await store.builds().count == 2)
        // The newest two, and that of the builds that stay.
        #expect(try await store.sources() == [0, 118, 119].map(commit))
    }

    @Test("two sweeps at once do what one does")
    func two() async throws {
        for number in 0..<60 { try await store.addBuild(age: 40 * day, number: Int64(number)) }
        try await withThrowingTaskGroup { group in
            for _ in 0..<4 { group.addTask { [store] in _ = try await store.sweep(.small) } }
            try await group.waitForAll()
        }
        #expect(try await store.builds().count == 2)
        #expect(try await store.keys().count == 6)
    }

    @Test("a source that is stored anew while it is about to go stays")
    func storedAnew() async throws {
        for number in 0..<4 { try await store.addSource(age: (40 - Int64(number)) * day, number) }
        store.intercept { [store] event in
            guard case .head(let key) = event, key.rawValue.contains(commit(0)) else { return }
            try await store.addSource(age: 0, 0)
        }
        let summary = try await store.sweep(.small)
        #expect(summary.sources == 1)
        #expect(try await store.sources() == [0, 2, 3].map(commit))
    }

    @Test("an app that cannot be swept is told, and keeps no other from it")
    func oneFails() async throws {
        for app in ["a", "b", "c"] {
            try await store.addBuilds(app, days: 40, 30, 20)
        }
        store.intercept { event in
            guard case .delete(let keys) = event, keys[0].rawValue.hasPrefix("apps/b/") else { return }
            throw ObjectStoreError(.notAllowed, .delete, keys[0])
        }
        let summary = try await store.sweep(.small)
        #expect(summary.failures.count == 1)
        #expect(summary.failures.first?.hasPrefix("b: object store: cannot delete apps/b/builds/") == true)
        #expect(try await store.builds("c").count == 2)
        #expect(try await store.builds("b").count == 3)
    }

    @Test("a store that does not work ends the sweep")
    func storeFails() async throws {
        try await store.addBuilds(days: 40, 30, 20)
        store.intercept { _ in throw ObjectStoreError(.unreachable, .get, nil) }
        let error = await #expect(throws: ObjectStoreError.self) { try await store.sweep(.small) }
        #expect(error?.kind == .unreachable)
    }

    @Test("a record that is no record keeps the sources, and nothing else")
    func unreadable() async throws {
        let ids = try [await store.addBuild(age: 20 * day), await store.addBuild(age: 19 * day)]
        try await store.addBuilds(days: 40, 30)
        for number in 0..<4 { try await store.addSource(age: 40 * day, number) }
        try await store.add("apps/blog/builds/\(ids[0])/build.json", "{", age: 20 * day)
        try await store.sweep(.small)
        #expect(try await store.builds() == ids.map(\.rawValue))
        #expect(try await store.sources().count == 4)
    }

    @Test("a cancelled sweep stops")
    func cancelled() async throws {
        try await store.addBuilds(days: 40, 30, 20)
        let store = store
        let task = Task {
            store.intercept { _ in unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }
            return try await store.sweep(.small)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await store.builds().count == 3)
    }
}
