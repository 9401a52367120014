import Builds
import Identifiers
import Kubernetes
import Logging
import ObjectStorage
import Synchronization
import Testing

@testable import KubernetesBuilds

/// Against an API server of a test's own.
@Suite("Jobs are made once, and those of servers that are gone are closed")
struct CreationTests {
    private static let id = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
    private static let job =
        #"{"metadata": {"name": "build-blog-x", "uid": "j", "labels": {"slipway.dev/build": "\#(id)", "slipway.dev/boot": "01"}}}"#

    private var configuration: KubernetesBuildConfiguration {
        var configuration = KubernetesBuildConfiguration(
            image: "slipway:1", server: KubernetesServerIdentity(name: "here", boot: "01"))
        configuration.timing.creation = .milliseconds(600)
        configuration.timing.removal = .seconds(2)
        return configuration
    }

    private func create(_ client: KubernetesClient) async throws -> JobObject {
        let request = BuildRequest(
            id: Self.id, app: try AppName("blog"), commit: String(repeating: "a", count: 40), ref: "refs/heads/main",
            user: "alice", recipe: .script,
            source: StoredSource(key: try ObjectKey("apps/blog/sources/x.tar.gz"), size: 1, sha256: nil))
        let spec = try JobSpec(
            request, configuration, template: .builtIn(), sourceURL: "http://s.test", artifactURL: "http://a.test")
        return try await BuildJobs(client: client, configuration: configuration, logger: Logger(label: "test"))
            .create(spec)
    }

    @Test("what is refused is told at once, and nothing is removed that was not made")
    func refused() async throws {
        try await FakeAPI.with { _, _, _ in
            FakeAPI.failure(403, "Forbidden")
        } _: { (api, client) async throws in
            await #expect(throws: ExecutorUnavailable.self) { try await create(client) }
            #expect(api.requests.count == 1)
        }
    }

    @Test("an answer that is lost is looked for, and the Job that is there is the build's")
    func lostAnswer() async throws {
        try await FakeAPI.with { method, _, _ in
            method == "POST" ? nil : (200, Self.job)
        } _: { (api, client) async throws in
            #expect(try await create(client).metadata.uid == "j")
            #expect(api.requests.count { $0.hasPrefix("POST") } == 1)
        }
    }

    @Test("what stays in doubt is removed, after a short time")
    func doubt() async throws {
        try await FakeAPI.with { method, path, _ in
            switch method {
            case "POST": nil
            case "GET" where path.hasSuffix("/pods"): (200, #"{"metadata": {}, "items": []}"#)
            default: FakeAPI.failure(404, "NotFound")
            }
        } _: { (api, client) async throws in
            let start = ContinuousClock.now
            await #expect(throws: ExecutorUnavailable.self) { try await create(client) }
            #expect(ContinuousClock.now - start < .seconds(5))
            #expect(api.requests.last?.hasSuffix("/pods") == true, "\(api.requests)")
        }
    }

    @Test("records are closed before Jobs are deleted, and ended Jobs of a gone server stay")
    func orphans() async throws {
        func job(_ name: String, _ boot: String, _ status: String) -> String {
            #"{"metadata": {"name": "\#(name)", "uid": "\#(name)", "labels": {"slipway.dev/server": "here", "slipway.dev/boot": "\#(boot)", "slipway.dev/build": "x"}, "annotations": {"slipway.dev/record": "apps/blog/builds/\#(name)/build.json"}}, "status": \#(status)}"#
        }
        let ended = #"{"conditions": [{"type": "Complete", "status": "True"}]}"#
        let items = [job("old", "00", ended), job("mine", "01", ended), job("lost", "00", "{}")].joined(separator: ",")
        try await FakeAPI.with { method, _, _ in
            (200, method == "GET" ? #"{"metadata": {}, "items": [\#(items)]}"# : "{}")
        } _: { (api, client) async throws in
            let closed = Mutex<[String]>([])
            let sweeper = OrphanedJobs(
                executor: KubernetesExecutor(configuration: configuration, client: client),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            ) { key in
                closed.withLock { $0.append("\(key.rawValue) \(api.requests.count)") }
            }
            #expect(try await sweeper.sweep() == 1)
            #expect(
                closed.withLock { $0 } == ["apps/blog/builds/old/build.json 1", "apps/blog/builds/lost/build.json 1"])
            #expect(api.requests.filter { $0.hasPrefix("DELETE") }.map { $0.hasSuffix("/lost") } == [true])
        }
    }
}
