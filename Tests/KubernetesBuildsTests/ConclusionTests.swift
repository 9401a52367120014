import Identifiers
import Kubernetes
import Logging
import NIOPosix
import ObjectStorage
import Retries
import TestSupport
import Testing

@testable import Builds
@testable import KubernetesBuilds

/// What a Job's end means for the push.
@Suite("Conclusions from a Job's end")
struct ConclusionTests {
    private func conclude(_ ending: JobEnding) async throws -> BuildResult {
        let directory = try TemporaryDirectory()
        let store = try FileObjectStore(root: directory("store"), pool: .singleton)
        let request = BuildRequest(
            id: "01ARZ3NDEKTSV4RRFFQ69G5FAV", app: try AppName("blog"), commit: String(repeating: "a", count: 40),
            ref: "refs/heads/main", user: "alice", recipe: .script,
            source: StoredSource(key: try ObjectKey("apps/blog/sources/x.tar.gz"), size: 1, sha256: nil))
        let configuration = KubernetesBuildConfiguration(
            image: "slipway:1", server: KubernetesServerIdentity(name: "here", boot: "01"))
        let spec = try JobSpec(
            request, configuration, template: .builtIn(), sourceURL: "http://s.test", artifactURL: "http://a.test")
        let job = try JSON.decode(
            JobObject.self, from: Array(#"{"metadata": {"name": "build-blog-x", "uid": "j"}}"#.utf8),
            maximumSize: 1 << 10)
        var result: BuildResult?
        try await FakeAPI.with { _, _, _ in
            FakeAPI.failure(404, "NotFound")
        } _: { (_, client) async throws in
            let progress = BuildProgress(output: CollectedOutput())
            let follower = BuildFollower(
                spec, watch: JobWatch(client, namespace: "builds", job: job, build: "x"), client: client,
                progress: progress, logger: Logger(label: "test"))
            let artifact = BuildArtifactStore(
                key: try ObjectKey("apps/blog/builds/x/artifact.tar.gz"), store: store, retry: .never)
            let conclusion = BuildConclusion(spec: spec, follower: follower, progress: progress, artifact: artifact)
            result = try await conclusion.result(of: ending)
        }
        return try #require(result)
    }

    @Test(
        "a build that has run is never one that may be tried again by itself",
        arguments: [
            JobEnding.succeeded(build: "", store: "nonsense"), .completed, .failed(.build, code: 1, message: ""),
            .failed(.store, code: 1, message: "no room"), .outOfMemory(.build, limit: nil),
            .outOfMemory(.store, limit: "1Gi"), .notStartable(.store, reason: "no pids left"),
            .evicted("disk", hasRun: true), .deadline(.build, hasRun: true), .lost("its node is gone", hasRun: true),
        ])
    func hasRun(ending: JobEnding) async throws {
        #expect(ending.hasRun)
        let result = try await conclude(ending)
        #expect(![.succeeded, .refused].contains(result.outcome), "\(result)")
    }

    @Test("only a build that was running at the deadline is told that it took too long")
    func deadline() async throws {
        let stored = try await conclude(.deadline(.store, hasRun: true))
        #expect(stored.outcome == .error && stored.reason.contains("could not be stored"), "\(stored)")
        #expect(try await conclude(.deadline(.build, hasRun: true)).outcome == .timedOut)
        #expect(try await conclude(.deadline(nil, hasRun: true)).outcome == .error)
        let error = await #expect(throws: ExecutorUnavailable.self) {
            try await conclude(.deadline(.fetch, hasRun: false))
        }
        #expect(error?.cause.contains("while the source was fetched") == true)
    }

    @Test(
        "a build that has not run may be tried again, unless its time is over",
        arguments: [
            (JobEnding.notStartable(.fetch, reason: "no pids left"), true), (.evicted("disk", hasRun: false), true),
            (.lost("its node is gone", hasRun: false), true), (.deadline(nil, hasRun: false), false),
        ])
    func hasNotRun(ending: JobEnding, mayPass: Bool) async throws {
        #expect(!ending.hasRun)
        let error = await #expect(throws: ExecutorUnavailable.self) { try await conclude(ending) }
        #expect(error?.mayPass == mayPass && error?.mayHaveRun == false)
    }
}
