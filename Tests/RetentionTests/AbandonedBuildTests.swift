import Builds
import Identifiers
import ObjectStorage
import Synchronization
import Testing

@testable import Retention

@Suite("Builds whose server ended", .timeLimit(.minutes(5))) struct AbandonedBuildTests {
    private static let policy = RetentionPolicy(keepBuilds: 2, abandonedAfter: .seconds(3600))

    let store: TestStore

    init() throws { store = try TestStore() }

    private func record(_ id: PushID) async throws -> BuildRecord {
        try BuildRecord(decoding: Array(try await store.read("apps/blog/builds/\(id)/build.json").utf8))
    }

    /// Keeps the record that a build has while it runs.
    private final class Witness: BuildExecutor {
        let name = "witness"
        let title = "the witness"
        let abilities = BuildAbilities(dockerfiles: .no(remedy: ""))
        let wantsSourceDigest = false
        let store: TestStore
        let record = Mutex("")

        init(store: TestStore) { self.store = store }

        func availability() async throws {}

        func run(
            _ request: BuildRequest, source: BuildSource, progress: BuildProgress, artifact: BuildArtifactStore
        ) async throws -> BuildResult {
            let text = try await store.read("apps/blog/builds/\(request.id)/build.json")
            record.withLock { $0 = text }
            return BuildResult(outcome: .succeeded, exitCode: 0, reason: "")
        }
    }

    @Test("the record of a real build that was cut short becomes that of an error, and keeps what it said")
    func real() async throws {
        struct Nowhere: BuildOutput { func write(_ bytes: [UInt8]) async throws {} }
        let id = PushID.at(TestStore.now - 7200)
        try await store.add("apps/blog/sources/x.tar.gz", age: 0)
        let witness = Witness(store: store)
        let request = BuildRequest(
            id: id.rawValue, app: try AppName("blog"), commit: commit(1), ref: "refs/heads/main", user: "alice",
            recipe: .makefile, source: StoredSource(key: try ObjectKey("apps/blog/sources/x.tar.gz"), size: 1))
        _ = try await BuildService(store: store, executor: witness).run(request, output: Nowhere())
        try await store.inner.delete([ObjectKey("apps/blog/builds/\(id)/log")])
        try await store.add("apps/blog/builds/\(id)/build.json", witness.record.withLock { $0 }, age: 7000)

        let summary = try await store.sweep(Self.policy)
        #expect(summary.abandoned == 1)
        let record = try await record(id)
        #expect(record.outcome == .error && record.reason == "the server ended while it ran")
        #expect(record.commit == commit(1) && record.user == "alice" && record.recipe == .makefile)
        #expect(record.executor == "witness" && record.id == id.rawValue && record.ref == "refs/heads/main")
        #expect(record.finishedAt == "2033-05-18T03:33:20.000Z")
        #expect(try await store.sweep(Self.policy).abandoned == 0)
    }

    @Test(
        "only one that is said to run, and has been for too long, is corrected",
        arguments: [
            ("running", 7200, true), ("running", 3500, false), ("error", 7200, false), ("succeeded", 7200, false),
        ])
    func which(outcome: String, age: Int64, isCorrected: Bool) async throws {
        let id = try await store.addBuild(age: age, outcome, log: false, artifact: false, parts: 2)
        #expect(try await store.sweep(Self.policy).abandoned == (isCorrected ? 1 : 0))
        #expect(try await store.read("apps/blog/builds/\(id)/build.json").contains("server ended") == isCorrected)
        // What there is of its log stays.
        #expect(try await store.keys().count == 3)
    }

    @Test("one that ended between its log and its record is seen by the times")
    func logWithoutRecord() async throws {
        let id = try await store.addBuild(age: 7200, "running")
        try store.setAge(of: "apps/blog/builds/\(id)/log", 7100)
        try store.setAge(of: "apps/blog/builds/\(id)/artifact.tar.gz", 7100)
        #expect(try await store.sweep(Self.policy).abandoned == 1)
        #expect(try await record(id).outcome == .error)
    }

    @Test("a record that its build puts at that moment wins")
    func race() async throws {
        let id = try await store.addBuild(age: 7200, "running", log: false)
        store.intercept { [store] event in
            guard case .put(let key) = event else { return }
            store.intercept(nil)
            let text = try await store.read(key.rawValue)
            try await store.add(key.rawValue, text.replacing("running", with: "succeeded"), age: 0)
        }
        #expect(try await store.sweep(Self.policy).abandoned == 0)
        #expect(try await record(id).outcome == .succeeded)
    }

    @Test("parts of a log that is there whole go, once its build has ended")
    func needlessParts() async throws {
        let id = try await store.addBuild(age: 7200, parts: 3)
        try await store.addBuild(age: 3500, parts: 3)
        let summary = try await store.sweep(Self.policy)
        #expect(summary.objects == 3 && summary.bytes == 12 && summary.builds == 0)
        #expect(
            try await store.keys("apps/blog/builds/\(id)").map { $0.split(separator: "/")[4] } == [
                "artifact.tar.gz", "build.json", "log",
            ])
        #expect(try await store.keys().count == 9)
    }

    @Test("one that is old goes like any other")
    func old() async throws {
        for number in 0..<4 { try await store.addBuild(age: 40 * day, "running", number: Int64(number), log: false) }
        let summary = try await store.sweep(Self.policy)
        #expect(summary.builds == 2 && summary.abandoned == 2)
    }
}
