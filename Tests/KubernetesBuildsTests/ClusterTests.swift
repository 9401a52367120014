import Builds
import ObjectStorage
import TestSupport
import Testing

@testable import Kubernetes
@testable import KubernetesBuilds

/// Builds on a real cluster.
///
/// They need `KUBECONFIG` and images that the nodes have: see ``Cluster``.
@Suite("Builds on a real cluster", .serialized, .timeLimit(.minutes(10)))
struct ClusterTests {
    @Test("a script is built: its log streams, its artifact is stored, its Job stays for a while")
    func build() async throws {
        try await Cluster.with { cluster in
            let tree = SourceTree.script(
                """
                echo "in $PWD as $(id -u)"; echo "$SLIPWAY_APP $SLIPWAY_REF $HOME"
                env | grep -c -E 'SOURCE_URL|ARTIFACT_URL|TOKEN' || true
                ls /var/run/secrets 2>&1 | head -1
                printf 'no end of line'; mkdir "$SLIPWAY_OUTPUT/bin"; echo artifact >"$SLIPWAY_OUTPUT/bin/app"
                """)
            let report = try await cluster.run(tree)
            let text = cluster.output.text
            #expect(report.succeeded, "\(report.reason)\n\(text)")
            #expect(text.contains("in /workspace/source as 1000\nblog refs/heads/main /workspace/home\n0\n"), "\(text)")
            #expect(text.contains("\nno end of line"), "\(text)")
            let artifact = try #require(report.artifact)
            let stored = try await cluster.objects.store.getAll(artifact.key, limit: 1 << 20)
            #expect(stored.count == Int(artifact.size) && stored.starts(with: [0x1f, 0x8b]))
            let jobs = try await cluster.jobs()
            #expect(jobs.count == 1 && jobs.first?.metadata.deletionTimestamp == nil)
            #expect(report.phases.map(\.phase).contains(.build))
        }
    }

    @Test("a build that leaves nothing succeeds, and says so")
    func nothing() async throws {
        try await Cluster.with { cluster in
            let report = try await cluster.run(.script("true"))
            #expect(report.succeeded && report.artifact == nil, "\(report.reason)\n\(cluster.output.text)")
            #expect(cluster.output.text.contains("left nothing"), "\(cluster.output.text)")
        }
    }

    @Test("a build that fails is told with its exit code", arguments: [(1, BuildOutcome.failed), (143, .signalled)])
    func failure(code: Int, outcome: BuildOutcome) async throws {
        try await Cluster.with { cluster in
            let report = try await cluster.run(.script("echo before; exit \(code)"))
            #expect(report.outcome == outcome, "\(report.reason)")
            #expect(cluster.output.text.contains("before\n"), "\(cluster.output.text)")
        }
    }

    @Test("a build that takes too much memory is told so, with its limit")
    func outOfMemory() async throws {
        let template = """
            spec:
              containers:
                - name: build
                  resources: {limits: {memory: 32Mi}}
            """
        try await Cluster.with(template: template) { cluster in
            let report = try await cluster.run(.script("exec tail /dev/zero"))
            #expect(report.outcome == .signalled, "\(report.reason)\n\(cluster.output.text)")
            #expect(report.reason.contains("took more memory") && report.reason.contains("32Mi"), "\(report.reason)")
        }
    }

    @Test("a build that runs too long is ended, and its Job removed")
    func timeout() async throws {
        try await Cluster.with { cluster in
            cluster.configuration.timeout = .seconds(3)
            let report = try await cluster.run(.script("echo begin; sleep 1000"))
            #expect(report.outcome == .timedOut, "\(report.reason)")
            try await cluster.waitUntilEmpty()
        }
    }

    @Test("a build that talks too much is ended, and its log is cut there")
    func talkative() async throws {
        try await Cluster.with { cluster in
            cluster.configuration.maximumLogSize = 100_000
            let report = try await cluster.run(.script("yes 0123456789"))
            #expect(report.outcome == .logTooLarge, "\(report.reason)")
            #expect(cluster.output.all.count < 101_000)
            try await cluster.waitUntilEmpty()
        }
    }

    @Test("a Job that the cluster ends at its deadline, because no server did, is told as too long")
    func deadline() async throws {
        try await Cluster.with { cluster in
            let request = try await cluster.request(.script("sleep 1000"))
            let spec = try JobSpec(
                request, cluster.configuration, template: .builtIn(),
                sourceURL: try await cluster.objects.store.presign(.get, request.source.key, for: .seconds(60)),
                artifactURL: "http://unused.test")
            var job = spec.object
            job["spec"]?["activeDeadlineSeconds"] = 6
            let created = try await cluster.client.create(JobObject.self, .jobs, job, namespace: cluster.namespace)
            let watch = JobWatch(
                cluster.client, namespace: cluster.namespace, job: created, build: BuildLabels.value(request.id))
            let watching = Task { await watch.run(tick: .seconds(1)) }
            defer { watching.cancel() }
            try await eventually("the deadline, with the recipe begun") {
                PodReading(picture: watch.picture, steps: spec.steps).stage == .ended(.deadline(.build, hasRun: true))
            }
        }
    }

    @Test("a node puts out a build that fills its disk, in the node's words")
    func evicted() async throws {
        let template = """
            spec:
              volumes:
                - name: workspace
                  emptyDir: {sizeLimit: 5Mi}
            """
        try await Cluster.with(template: template) { cluster in
            cluster.configuration.timeout = .seconds(150)
            let report = try await cluster.run(
                .script("echo begin; head -c 20000000 /dev/zero >$SLIPWAY_OUTPUT/large; sleep 1000"))
            #expect(report.outcome == .failed, "\(report.reason)")
            #expect(report.reason.contains("evicted") && report.reason.contains("workspace"), "\(report.reason)")
        }
    }

    @Test("a source that is another one than was pushed is not built")
    func wrongSource() async throws {
        try await Cluster.with { cluster in
            let request = try await cluster.request(.script("echo built"), digest: String(repeating: "0", count: 64))
            let report = try await cluster.service().run(request, output: cluster.output)
            #expect(
                report.outcome == .error && report.reason.contains("its SHA-256 is another one"), "\(report.reason)")
            #expect(!cluster.output.text.contains("built\n"), "\(cluster.output.text)")
        }
    }

    @Test("an image's digest comes through the termination message of an operator's own command")
    func ownCommand() async throws {
        let digest = "sha256:" + String(repeating: "ab", count: 32)
        let template = """
            spec:
              containers:
                - name: build
                  image: local.test/busybox:1
                  command: [/bin/sh, -c]
                  args:
                    - |
                      echo "image $SLIPWAY_IMAGE"
                      echo '{"image":"registry.test/team/other:1","digest":"\(digest)"}' >/dev/termination-log
            """
        try await Cluster.with(template: template) { cluster in
            cluster.configuration.registry = "registry.test/team"
            let report = try await cluster.run(SourceTree(files: [("Dockerfile", "FROM scratch", false)]), .dockerfile)
            #expect(
                report.image == BuiltImage(reference: "registry.test/team/other:1", digest: digest), "\(report.reason)")
            #expect(cluster.output.text.contains("image registry.test/team/blog:aaaa"), "\(cluster.output.text)")
        }
    }

    @Test("what is made of each recipe is a Job to the API", arguments: BuildRecipe.allCases)
    func dryRun(recipe: BuildRecipe) async throws {
        try await Cluster.with { cluster in
            cluster.configuration.registry = "registry.test/team"
            cluster.configuration.registrySecret = "registry"
            cluster.configuration.builderImage = "builder.test/base:1"
            let spec = try JobSpec(
                try await cluster.request(SourceTree(), recipe), cluster.configuration, template: .builtIn(),
                sourceURL: "https://store.test/1", artifactURL: "https://store.test/2")
            var request = KubernetesRequest(
                method: .post, path: "/apis/batch/v1/namespaces/\(cluster.namespace)/jobs",
                body: try spec.object.encoded(),
                operation: "try a Job", maximumAnswer: 1 << 20)
            request.query = [(name: "dryRun", value: "All")]
            let job = try await cluster.client.send(JobObject.self, request, .untouched)
            #expect(job.metadata.name == spec.name)
        }
    }
}
