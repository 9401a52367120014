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

    private func create(
        _ client: KubernetesClient, patience: Duration? = nil, running: RunningBuilds = RunningBuilds()
    ) async throws -> JobObject {
        var configuration = configuration
        configuration.timing.creation = patience ?? configuration.timing.creation
        let request = BuildRequest(
            id: Self.id, app: try AppName("blog"), commit: String(repeating: "a", count: 40), ref: "refs/heads/main",
            user: "alice", recipe: .script,
            source: StoredSource(key: try ObjectKey("apps/blog/sources/x.tar.gz"), size: 1, sha256: nil))
        let spec = try JobSpec(
            request, configuration, template: .builtIn(), sourceURL: "http://s.test", artifactURL: "http://a.test")
        let jobs = BuildJobs(
            client: client, configuration: configuration, running: running, logger: Logger(label: "test"))
        return try await jobs.create(spec)
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

    @Test("only the API server's own 503 says that nothing was begun; after a load balancer's the Job is looked for")
    func loadBalancer() async throws {
        for (answer, isOwn) in [
            ((503, "<html><body>503 Service Unavailable</body></html>"), false), ((503, ""), false),
            (FakeAPI.failure(503, "ServiceUnavailable"), true),
        ] {
            var limits = KubernetesLimits()
            limits.attempts = 1
            try await FakeAPI.with(limits: limits) { method, _, _ in
                method == "POST" ? answer : (200, Self.job)
            } _: { (api, client) async throws in
                if isOwn {
                    let error = await #expect(throws: ExecutorUnavailable.self) { try await create(client) }
                    #expect(error?.mayPass == true && error?.mayHaveRun == false)
                } else {
                    #expect(try await create(client).metadata.uid == "j")
                }
                #expect(api.requests.count == (isOwn ? 1 : 2), "\(api.requests)")
            }
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

    @Test("a Job that may have run is not made again by itself, and the pusher is told to push again")
    func doubtOfAJobThatIsThere() async throws {
        var limits = KubernetesLimits()
        limits.attempts = 1
        let looks = Mutex(0)
        try await FakeAPI.with(limits: limits) { method, path, _ in
            switch method {
            case "POST": return nil
            case "GET" where path.hasSuffix("/pods"): return (200, #"{"metadata": {}, "items": []}"#)
            case "GET":
                // It is seen only when it has been given up and is to be removed.
                let isFirst = looks.withLock { looks in
                    looks += 1
                    return looks == 1
                }
                return isFirst ? FakeAPI.failure(500, "InternalError") : (200, Self.job)
            default: return (200, "{}")
            }
        } _: { (api, client) async throws in
            let error = await #expect(throws: ExecutorUnavailable.self) { try await create(client, patience: .zero) }
            #expect(error?.mayPass == false && error?.mayHaveRun == true && error?.advice.contains("30 s") == true)
            #expect(error?.cause.hasSuffix("; it is not known whether the build has begun") == true)
            #expect(api.requests.contains { $0.hasPrefix("DELETE") }, "\(api.requests)")
        }
    }

    /// A namespace with Jobs of a server's earlier start ("00") and of its present one ("01").
    private static func list(_ jobs: [(name: String, boot: String, isEnded: Bool)]) -> String {
        let items = jobs.map { name, boot, isEnded in
            let status = isEnded ? #"{"conditions": [{"type": "Complete", "status": "True"}]}"# : "{}"
            return
                #"{"metadata": {"name": "\#(name)", "uid": "\#(name)", "labels": {"slipway.dev/server": "here", "slipway.dev/boot": "\#(boot)", "slipway.dev/build": "x"}, "annotations": {"slipway.dev/record": "apps/blog/builds/\#(name)/build.json"}}, "status": \#(status)}"#
        }
        return #"{"metadata": {}, "items": [\#(items.joined(separator: ","))]}"#
    }

    private func sweeper(
        _ client: KubernetesClient, _ executor: KubernetesExecutor? = nil,
        _ onOrphan: @escaping @Sendable (ObjectKey) async throws -> Void
    ) -> OrphanedJobs {
        OrphanedJobs(
            executor: executor ?? KubernetesExecutor(configuration: configuration, client: client),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, onOrphan: onOrphan)
    }

    @Test("what runs goes first, after its record; ended Jobs of a gone server stay, and are closed once")
    func orphans() async throws {
        let list = Self.list([("a-old", "00", true), ("mine", "01", true), ("z-lost", "00", false)])
        try await FakeAPI.with { method, _, _ in
            (200, method == "GET" ? list : "{}")
        } _: { (api, client) async throws in
            let closed = Mutex<[String]>([])
            let sweeper = sweeper(client) { key in
                closed.withLock { $0.append("\(key.rawValue) \(api.requests.count)") }
            }
            #expect(try await sweeper.sweep() == 1)
            #expect(
                closed.withLock { $0 } == [
                    "apps/blog/builds/z-lost/build.json 1", "apps/blog/builds/a-old/build.json 2",
                ])
            #expect(api.requests.filter { $0.hasPrefix("DELETE") }.map { $0.hasSuffix("/z-lost") } == [true])
            #expect(try await sweeper.sweep() == 1)
            #expect(closed.withLock { $0.count { $0.contains("a-old") } } == 1)
        }
    }

    @Test("a Job whose build returns just now is left alone; one that still runs in the next round was left behind")
    func returning() async throws {
        let jobs = Mutex([(name: "returned", boot: "01", isEnded: false), (name: "left", boot: "01", isEnded: false)])
        try await FakeAPI.with { method, _, _ in
            (200, method == "GET" ? Self.list(jobs.withLock { $0 }) : "{}")
        } _: { (api, client) async throws in
            let closed = Mutex<[String]>([])
            let sweeper = sweeper(client) { key in closed.withLock { $0.append(key.rawValue) } }
            #expect(try await sweeper.sweep() == 0)
            #expect(closed.withLock { $0 }.isEmpty && !api.requests.contains { $0.hasPrefix("DELETE") })
            // It had ended when the first round looked, and the list did not say so yet.
            jobs.withLock { $0[0].isEnded = true }
            #expect(try await sweeper.sweep() == 1)
            #expect(closed.withLock { $0 } == ["apps/blog/builds/left/build.json"])
            #expect(api.requests.filter { $0.hasPrefix("DELETE") }.map { $0.hasSuffix("/left") } == [true])
        }
    }

    @Test("a Job that was waited for again since it was suspected is not one that was left behind")
    func suspectedLongAgo() async throws {
        let isAway = Mutex(false)
        try await FakeAPI.with { method, _, _ in
            if isAway.withLock({ $0 }) { return FakeAPI.failure(403, "Forbidden") }
            return (200, method == "GET" ? Self.list([("tried", "01", false)]) : "{}")
        } _: { (api, client) async throws in
            let executor = KubernetesExecutor(configuration: configuration, client: client)
            let sweeper = sweeper(client, executor) { _ in }
            #expect(try await sweeper.sweep() == 0)
            // The list's Jobs are all of the build x.
            let removed = try await executor.running.run("x") { try await sweeper.sweep() }
            #expect(removed == 0)
            #expect(try await sweeper.sweep() == 0, "it has just returned again")
            isAway.withLock { $0 = true }
            await #expect(throws: KubernetesError.self) { try await sweeper.sweep() }
            isAway.withLock { $0 = false }
            #expect(try await sweeper.sweep() == 0, "nobody has looked in the last round")
            #expect(try await sweeper.sweep() == 1)
        }
    }

    @Test("a Job that could not be removed is removed in the next round, and its record is its server's to write")
    func left() async throws {
        let isAway = Mutex(true)
        try await FakeAPI.with { method, _, _ in
            if isAway.withLock({ $0 }) { return nil }
            return (200, method == "GET" ? Self.list([("left", "01", false)]) : "{}")
        } _: { (api, client) async throws in
            let executor = KubernetesExecutor(configuration: configuration, client: client)
            let error = await #expect(throws: ExecutorUnavailable.self) {
                try await create(client, patience: .zero, running: executor.running)
            }
            #expect(error?.mayHaveRun == true && executor.running.left == [Self.id])
            isAway.withLock { $0 = false }
            executor.running.leave("x")
            let closed = Mutex(0)
            let sweeper = sweeper(client, executor) { _ in closed.withLock { $0 += 1 } }
            #expect(try await sweeper.sweep() == 1)
            #expect(closed.withLock { $0 } == 0)
            // What has no Job any more is forgotten.
            #expect(executor.running.left == ["x"])
            try await executor.running.run("x") {}
            #expect(executor.running.left.isEmpty)
        }
    }

    @Test("a store that is away does not keep orphans going, and their records are closed later")
    func orphansWithoutStore() async throws {
        let isAway = Mutex(true)
        let isGone = Mutex(false)
        try await FakeAPI.with { method, _, _ in
            if method == "DELETE" { isGone.withLock { $0 = true } }
            return (200, method == "GET" ? Self.list(isGone.withLock { $0 } ? [] : [("lost", "00", false)]) : "{}")
        } _: { (api, client) async throws in
            let closed = Mutex<[String]>([])
            let sweeper = sweeper(client) { key in
                if isAway.withLock({ $0 }) {
                    throw ObjectStoreError(.unavailable, .get, key, detail: "away")
                }
                closed.withLock { $0.append(key.rawValue) }
            }
            #expect(try await sweeper.sweep() == 1)
            #expect(isGone.withLock { $0 } && closed.withLock { $0 }.isEmpty)
            isAway.withLock { $0 = false }
            #expect(try await sweeper.sweep() == 0)
            #expect(closed.withLock { $0 } == ["apps/blog/builds/lost/build.json"])
            #expect(try await sweeper.sweep() == 0)
            #expect(closed.withLock { $0.count } == 1)
        }
    }
}
