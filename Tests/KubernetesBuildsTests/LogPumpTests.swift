import Builds
import Identifiers
import Logging
import ObjectStorage
import Synchronization
import TestSupport
import Testing

@testable import Kubernetes
@testable import KubernetesBuilds

/// Against an API server of a test's own.
@Suite("Logs are told to their end, through refusals and outages", .timeLimit(.minutes(5)))
struct LogPumpTests {
    /// What the server does at the moment.
    private struct Server: Sendable {
        var isAway = false
        /// Answers about the log; nil as long as the build is silent.
        var log: (Int, String)?
        /// Whether requests of the log's reader are answered.
        var isReadable = true
        var build = #""running": {}"#
        var isPodGone = false

        mutating func end() { build = #""terminated": {"exitCode": 1}"# }
    }

    private static let stamp = "2024-11-22T02:00:00.000000001Z"
    private static let job = #"{"metadata": {"name": "build-blog-x", "uid": "j"}, "status": {}}"#
    private static let pods = "/api/v1/namespaces/builds/pods"

    private static func pod(_ server: Server) -> String {
        """
        {"metadata": {"name": "p", "uid": "1", "labels": {"controller-uid": "j"}}, \
        "spec": {"nodeName": "node1", "initContainers": [{"name": "fetch-source"}, {"name": "build"}], \
        "containers": [{"name": "store-artifact"}]}, "status": {"phase": "Running", "initContainerStatuses": [\
        {"name": "fetch-source", "state": {"terminated": {"exitCode": 0}}}, \
        {"name": "build", "state": {\(server.build)}}]}}
        """
    }

    private static func answer(_ path: String, _ server: Server) -> (Int, String)? {
        if server.isAway { return nil }
        switch path {
        case pods: return (200, #"{"metadata": {"resourceVersion": "1"}, "items": [\#(pod(server))]}"#)
        case pods + "?watch": return (200, #"{"type": "MODIFIED", "object": \#(pod(server))}"# + "\n")
        case pods + "/p" where server.isPodGone: return FakeAPI.failure(404, "NotFound")
        case pods + "/p": return server.isReadable ? (200, pod(server)) : nil
        case pods + "/p/log": return server.isReadable ? server.log ?? FakeAPI.silence : nil
        case "/version": return (200, #"{"major": "1", "minor": "31", "gitVersion": "v1.31.0"}"#)
        case "/apis/batch/v1/namespaces/builds/jobs":
            return (200, #"{"metadata": {"resourceVersion": "1"}, "items": [\#(job)]}"#)
        default: return path.hasSuffix("?watch") ? (200, "") : (200, #"{"metadata": {}, "items": []}"#)
        }
    }

    private final class Box: Sendable {
        let value: Mutex<Server>

        init(_ server: Server) { value = Mutex(server) }
    }

    /// What a test works with.
    private struct Scene {
        let server: Box
        let api: FakeAPI
        let client: KubernetesClient
        let watch: JobWatch
        let output = CollectedOutput()

        func pump(pace: Duration) -> LogPump {
            LogPump(
                client.followLog(namespace: "builds", pod: "p", container: "build"), limit: 1 << 20, pace: pace,
                into: BuildProgress(output: output), watch: watch)
        }

        var logRequests: Int { api.requests.count { $0.hasSuffix("/log") } }
    }

    private func with(_ server: Server, _ body: (Scene) async throws -> Void) async throws {
        let server = Box(server)
        var limits = KubernetesLimits()
        limits.patience = .milliseconds(200)
        // Longer than a test may take.
        limits.logSilence = .seconds(60)
        let job = try JSON.decode(JobObject.self, from: Array(Self.job.utf8), maximumSize: 1 << 20)
        try await FakeAPI.with(limits: limits) { _, path, _ in
            Self.answer(path, server.value.withLock { $0 })
        } _: { (api, client) async throws in
            let watch = JobWatch(client, namespace: "builds", job: job, build: "x")
            try await body(Scene(server: server, api: api, client: client, watch: watch))
        }
    }

    /// Follows a build to its end, while a test changes what the server does.
    private func follow(
        _ server: Server, _ change: (inout KubernetesTiming) -> Void, _ body: @escaping (Scene) async throws -> Void
    ) async throws -> String {
        var configuration = KubernetesBuildConfiguration(
            image: "slipway:1", server: KubernetesServerIdentity(name: "here", boot: "01"))
        configuration.namespace = "builds"
        configuration.timing.tick = .milliseconds(20)
        change(&configuration.timing)
        let request = BuildRequest(
            id: "01ARZ3NDEKTSV4RRFFQ69G5FAV", app: try AppName("blog"), commit: String(repeating: "a", count: 40),
            ref: "refs/heads/main", user: "alice", recipe: .script,
            source: StoredSource(key: try ObjectKey("apps/blog/sources/x.tar.gz"), size: 1, sha256: nil))
        let spec = try JobSpec(
            request, configuration, template: .builtIn(), sourceURL: "http://s.test", artifactURL: "http://a.test")
        var text = ""
        try await with(server) { scene in
            let (watch, client, output) = (scene.watch, scene.client, scene.output)
            let watching = Task { await watch.run(tick: .milliseconds(20)) }
            let following = Task {
                try await BuildFollower(
                    spec, watch: watch, client: client, progress: BuildProgress(output: output),
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                ).follow()
            }
            let result: Result<Void, any Error>
            do {
                try await body(scene)
                let ending = try await following.value
                #expect(ending == .failed(.build, code: 1, message: ""))
                result = .success(())
            } catch {
                following.cancel()
                _ = await following.result
                result = .failure(error)
            }
            watching.cancel()
            await watching.value
            text = output.text
            try result.get()
        }
        return text
    }

    @Test("a log that is refused for long is read when the right to it is given back, while the build runs")
    func refusalThatEnds() async throws {
        var server = Server()
        server.log = FakeAPI.failure(403, "Forbidden")
        try await with(server) { scene in
            let pump = scene.pump(pace: .milliseconds(100))
            let reading = Task { await pump.run() }
            try await eventually("it is refused for longer than that is doubted") {
                pump.problem.map { ContinuousClock.now - $0.since > .seconds(1) } ?? false
            }
            #expect(pump.end == nil)
            scene.server.value.withLock { server in
                server.log = (200, "\(Self.stamp) late\n")
                server.end()
            }
            await reading.value
            #expect(scene.output.text == "late\n")
            #expect(pump.problem == nil)
        }
    }

    @Test("a log that is refused to the end of the build is given up then, at once, and stays a problem")
    func refusalThatStays() async throws {
        var server = Server()
        server.log = FakeAPI.failure(403, "Forbidden")
        try await with(server) { scene in
            // Nobody waits for that.
            let pump = scene.pump(pace: .seconds(240))
            let reading = Task { await pump.run() }
            try await eventually("it is refused for longer than that is doubted") {
                pump.problem.map { ContinuousClock.now - $0.since > .seconds(1) } ?? false
            }
            scene.server.value.withLock { $0.end() }
            let began = ContinuousClock.now
            pump.expectEnd()
            await reading.value
            #expect(ContinuousClock.now - began < .seconds(30))
            guard case .unreadable(let error) = pump.end else {
                Issue.record("\(String(describing: pump.end))")
                return
            }
            #expect(error.kind == .forbidden && pump.problem?.error.kind == .forbidden)
        }
    }

    @Test("the end of a build is news for a reader whose connection died without a word")
    func deadConnection() async throws {
        try await with(Server()) { scene in
            let pump = scene.pump(pace: .seconds(30))
            let reading = Task { await pump.run() }
            try await eventually("the log is asked for") { scene.logRequests == 1 }
            scene.server.value.withLock { server in
                server.log = (200, "\(Self.stamp) error\n")
                server.end()
            }
            let began = ContinuousClock.now
            pump.expectEnd()
            await reading.value
            #expect(scene.output.text == "error\n")
            #expect(ContinuousClock.now - began < .seconds(30))
        }
    }

    @Test("nobody reads that a log can be read again that has come to its end without that")
    func noFalseHope() async throws {
        var server = Server()
        server.log = FakeAPI.failure(403, "Forbidden")
        let text = try await follow(server) {
            $0.logTrouble = .milliseconds(50)
        } _: { scene in
            try await scene.output.wait(for: "The log cannot be read now")
            scene.server.value.withLock { $0.isPodGone = true }
            try await scene.output.wait(for: "Some of the log may be missing here")
            // The follower looks again.
            try await Task.sleep(for: .milliseconds(300))
            scene.server.value.withLock { $0.end() }
        }
        #expect(!text.contains("can be read again"), "\(text)")
    }

    @Test("that a log can be read again is told when it can")
    func hope() async throws {
        var server = Server()
        server.log = FakeAPI.failure(403, "Forbidden")
        let text = try await follow(server) { timing in
            timing.logTrouble = .milliseconds(50)
            timing.logRefused = .milliseconds(100)
        } _: { scene in
            try await scene.output.wait(for: "The log cannot be read now")
            scene.server.value.withLock { $0.log = (200, "\(Self.stamp) hello\n") }
            try await scene.output.wait(for: "The log can be read again")
            scene.server.value.withLock { $0.end() }
        }
        #expect(text.contains("hello\n"))
    }

    @Test("an outage while a log is read to its end is no silence of it, also when the watch is back first")
    func outageAtTheEnd() async throws {
        let silence = Duration.seconds(3)
        let text = try await follow(Server()) {
            $0.logSilence = silence
        } _: { scene in
            try await eventually("the log is asked for") { scene.logRequests > 0 }
            scene.server.value.withLock { server in
                server.isReadable = false
                server.end()
            }
            let before = scene.api.requests.count { $0.hasSuffix("/p") }
            try await eventually("the build's end is seen") {
                scene.api.requests.count { $0.hasSuffix("/p") } > before
            }
            scene.server.value.withLock { $0.isAway = true }
            try await eventually("the outage is seen") { scene.watch.outage != nil }
            try await Task.sleep(for: silence * 1.5)
            scene.server.value.withLock { $0.isAway = false }
            try await eventually("the end of the outage is seen") { scene.watch.outage == nil }
            // The follower looks again.
            try await Task.sleep(for: .milliseconds(200))
            scene.server.value.withLock { server in
                server.log = (200, "\(Self.stamp) error: the tail\n")
                server.isReadable = true
            }
        }
        #expect(text.contains("error: the tail\n"), "\(text)")
        #expect(!text.contains("does not come"))
    }

    @Test("the time in which a log could not be read is no silence of it")
    func trouble() async throws {
        var server = Server()
        server.log = FakeAPI.failure(503, "ServiceUnavailable")
        try await with(server) { scene in
            let pump = scene.pump(pace: .seconds(30))
            let reading = Task { await pump.run() }
            pump.expectEnd()
            try await eventually("it is away for long") { pump.problem != nil && pump.silence > .seconds(3) }
            scene.server.value.withLock { $0.log = (200, "") }
            try await eventually("it is read again") { pump.problem == nil }
            #expect(pump.silence < .seconds(2))
            reading.cancel()
            await reading.value
        }
    }

    @Test("a log's last silence has room for all attempts of its reader")
    func attempts() async throws {
        try await with(Server()) { scene in
            let log = scene.client.followLog(namespace: "builds", pod: "p", container: "build")
            let limits = KubernetesLimits()
            var pauses = Duration.zero
            for attempt in 0..<(limits.logFinalAttempts - 1) {
                pauses += min(limits.firstDelay * (1 << attempt), limits.maximumDelay)
            }
            #expect(KubernetesTiming().logSilence > log.finalPatience * limits.logFinalAttempts + pauses)
        }
    }
}
