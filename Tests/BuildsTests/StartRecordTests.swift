import Identifiers
import ObjectStorage
import Retries
import Testing

@testable import Builds

@Suite struct StartRecordTests {
    @Test("a first record that is there already, from a try whose answer was lost, is left and is no failure")
    func lostAnswer() async throws {
        let store = MemoryObjectStore()
        let request = BuildRequest(
            id: PushID.generate().rawValue, app: try AppName("blog"), commit: String(repeating: "a", count: 40),
            ref: "refs/heads/main", user: "alice", recipe: .script,
            source: StoredSource(key: try ObjectKey("apps/blog/sources/source.tar.gz"), size: 1))
        let record = try BuildKeys(app: request.app, id: request.id).record
        let earlier = Array("what an earlier try put".utf8)
        store[record] = earlier
        let executor = ScriptedExecutor { _ in #expect(store[record] == earlier) }
        let report = try await BuildService(store: store, executor: executor).run(request, output: CollectedOutput())
        #expect(report.succeeded)
        let end = try #require(store[record])
        #expect(String(decoding: end, as: UTF8.self).contains("\"succeeded\""))
    }
}
