import Builds
import Kubernetes
import ObjectStorage
import TestSupport
import Testing

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

    @Test("a build for which no node is large enough says so, and is given up")
    func unschedulable() async throws {
        let template = """
            spec:
              containers:
                - name: build
                  resources: {requests: {cpu: "400"}}
            """
        try await Cluster.with(template: template) { cluster in
            cluster.configuration.startTimeout = .seconds(6)
            let error = try await cluster.unavailability(.script("true"))
            #expect(error.cause.contains("no node has 400 CPUs free"), "\(error)")
            let told = "Waiting for a node: no node has 400 CPUs free (0/1 nodes are available: 1 Insufficient cpu)"
            #expect(cluster.output.text.split(separator: "\n").count { $0.contains(told) } == 1, "\(cluster.output.text)")
            try await cluster.waitUntilEmpty()
        }
    }

    @Test("an image that is not there is told in the registry's words, and given up early")
    func noImage() async throws {
        try await Cluster.with { cluster in
            cluster.configuration.buildImage = "10.99.0.1:5000/nothing/here:1"
            cluster.configuration.timing.imagePatience = .seconds(5)
            let error = try await cluster.unavailability(.script("true"))
            #expect(
                error.cause.hasPrefix("the image 10.99.0.1:5000/nothing/here:1 cannot be pulled: ") && !error.mayPass,
                "\(error)")
            #expect(error.cause.contains("not found"), "\(error)")
            try await cluster.waitUntilEmpty()
        }
    }

    @Test("an image that must not be pulled and is not on the node is told")
    func neverPulled() async throws {
        let template = """
            spec:
              containers:
                - name: build
                  image: local.test/none:1
                  imagePullPolicy: Never
            """
        try await Cluster.with(template: template) { cluster in
            cluster.configuration.timing.imagePatience = .seconds(2)
            let error = try await cluster.unavailability(.script("true"))
            #expect(error.cause.contains("local.test/none:1 is not on the node"), "\(error)")
        }
    }

    @Test("a Secret that is missing is told by its name")
    func missingSecret() async throws {
        let template = """
            spec:
              containers:
                - name: build
                  env:
                    - name: KEY
                      valueFrom: {secretKeyRef: {name: not-there, key: key}}
            """
        try await Cluster.with(template: template) { cluster in
            cluster.configuration.timing.configurationPatience = .seconds(2)
            let error = try await cluster.unavailability(.script("true"))
            #expect(error.cause.contains("secret \"not-there\" not found"), "\(error)")
        }
    }

    @Test("a quota that is used up is told, and the build waits for it")
    func quota() async throws {
        try await Cluster.with(quota: ClusterObjects.quota(["pods": "0"])) { cluster in
            cluster.configuration.startTimeout = .seconds(5)
            let error = try await cluster.unavailability(.script("true"))
            #expect(error.cause.contains("the namespace's quota is used up: builds, requested: pods=1"), "\(error)")
            #expect(cluster.output.text.contains("quota is used up"), "\(cluster.output.text)")
        }
    }

    @Test("a quota that leaves nothing makes the executor unavailable, and only then")
    func quotaCheck() async throws {
        try await Cluster.with(quota: ClusterObjects.quota(["count/jobs.batch": "0"])) { cluster in
            let executor = cluster.executor
            try await eventually("the quota's status") {
                do {
                    try await executor.availability()
                    return false
                } catch let error as ExecutorUnavailable {
                    return error.cause == "its quota is used up (count/jobs.batch 0 of 0 used)"
                }
            }
        }
        try await Cluster.with(quota: ClusterObjects.quota(["count/jobs.batch": "1", "pods": "1"])) { cluster in
            try await cluster.executor.availability()
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

    @Test("a push that is cancelled leaves no Job and no pod")
    func cancellation() async throws {
        try await Cluster.with { cluster in
            let request = try await cluster.request(.script("echo begin; sleep 1000"))
            let (service, output) = (cluster.service(), cluster.output)
            let build = Task { try await service.run(request, output: output) }
            try await output.wait(for: "begin\n")
            build.cancel()
            await #expect(throws: CancellationError.self) { try await build.value }
            try await cluster.waitUntilEmpty()
        }
    }

    @Test("a pod that somebody deletes ends its build, and is not made anew")
    func deletedPod() async throws {
        try await Cluster.with { cluster in
            let request = try await cluster.request(.script("echo begin; sleep 1000"))
            let (service, output) = (cluster.service(), cluster.output)
            let build = Task { try await service.run(request, output: output) }
            try await output.wait(for: "begin\n")
            let pod = try #require(try await cluster.pods().first)
            try await cluster.client.delete(.pods, namespace: cluster.namespace, name: pod.metadata.name)
            let report = try await build.value
            #expect(report.outcome == .error, "\(report.reason)")
            #expect(report.reason.contains("its pod was deleted"), "\(report.reason)")
            try await eventually("no pod that runs") { try await cluster.pods().allSatisfy { $0.status?.phase != "Running" } }
            #expect(output.text.split(separator: "\n").count { $0 == "begin" } == 1, "\(output.text)")
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
            _ = try await cluster.client.create(JobObject.self, .jobs, job, namespace: cluster.namespace)
            let watch = JobWatch(
                cluster.client, namespace: cluster.namespace, job: spec.name, build: BuildLabels.value(request.id))
            let watching = Task { await watch.run(tick: .seconds(1)) }
            defer { watching.cancel() }
            try await eventually("the deadline, with the recipe begun") {
                PodReading(picture: watch.picture, steps: spec.steps).stage == .ended(.deadline(hasRun: true))
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
            #expect(report.outcome == .error && report.reason.contains("its SHA-256 is another one"), "\(report.reason)")
            #expect(!cluster.output.text.contains("built\n"), "\(cluster.output.text)")
        }
    }

    @Test("an orphaned Job is removed with its pods, and that of a living server is not")
    func orphans() async throws {
        try await Cluster.with { cluster in
            let request = try await cluster.request(.script("echo begin; sleep 1000"))
            let (executor, output) = (cluster.executor, cluster.output)
            let service = cluster.service(executor)
            let build = Task { try await service.run(request, output: output) }
            try await output.wait(for: "begin\n")
            // The one that runs it leaves it alone.
            #expect(try await OrphanedJobs(executor: executor).sweep() == 0)
            // So does another server.
            var other = cluster
            other.configuration.server = KubernetesServerIdentity(name: "other", boot: "01")
            #expect(try await OrphanedJobs(executor: other.executor).sweep() == 0)
            // The same server after its next start does not.
            var next = cluster
            next.configuration.server = KubernetesServerIdentity(name: cluster.configuration.server.name, boot: "02")
            let records = CollectedOutput()
            let sweeper = OrphanedJobs(executor: next.executor) { key in
                try await records.write(Array(key.rawValue.utf8))
            }
            #expect(try await sweeper.sweep() == 1)
            #expect(records.text == "apps/blog/builds/\(request.id)/build.json")
            let report = try await build.value
            #expect(report.outcome == .error && report.reason.contains("its Job was deleted"), "\(report.reason)")
            try await cluster.waitUntilEmpty()
        }
    }

    @Test("an API that is away during a build ends nothing: the log goes on where it was")
    func outage() async throws {
        try await Cluster.with { cluster in
            let proxy = try await cluster.throughProxy()
            let request = try await cluster.request(
                .script("for i in $(seq 1 40); do echo line $i; sleep 0.5; done; echo kept >$SLIPWAY_OUTPUT/file"))
            let (service, output) = (cluster.service(), cluster.output)
            let build = Task { try await service.run(request, output: output) }
            try await output.wait(for: "line 5\n")
            proxy.shut()
            try await output.wait(for: "The cluster does not answer; the build goes on, waiting for it")
            try await Task.sleep(for: .seconds(5))
            proxy.open()
            let report = try await build.value
            #expect(report.succeeded && report.artifact != nil, "\(report.reason)")
            let lines = output.text.split(separator: "\n").filter { $0.hasPrefix("line ") }
            #expect(lines == (1...40).map { "line \($0)" }, "\(output.text)")
            #expect(output.text.split(separator: "\n").count { $0.contains("does not answer") } == 1)
            #expect(output.text.contains("The cluster answers again"), "\(output.text)")
            await proxy.stop()
        }
    }

    @Test("a server without a right is told which, and one that is not there is told apart from it")
    func rights() async throws {
        try await Cluster.with { cluster in
            try await cluster.executor.availability()
            let proxy = try await cluster.throughProxy()
            proxy.shut()
            let away = await #expect(throws: ExecutorUnavailable.self) { try await cluster.executor.availability() }
            #expect(away?.cause == "the Kubernetes API does not answer" && away?.mayPass == true)
            await proxy.stop()
            try await cluster.become(token: "ci-nobody-token")
            let denied = await #expect(throws: ExecutorUnavailable.self) { try await cluster.executor.availability() }
            #expect(denied?.cause == "this builder may not create jobs in its namespace" && denied?.mayPass == false)
            #expect(denied?.detail.contains("get pods/log in \(cluster.namespace)") == true, "\(denied?.detail ?? "")")
            try await cluster.become(token: "unknown")
            let stranger = await #expect(throws: ExecutorUnavailable.self) { try await cluster.executor.availability() }
            #expect(stranger?.cause == "the Kubernetes API refuses this builder's credentials", "\(stranger?.cause ?? "")")
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
            #expect(report.image == BuiltImage(reference: "registry.test/team/other:1", digest: digest), "\(report.reason)")
            #expect(cluster.output.text.contains("image registry.test/team/blog:aaaa"), "\(cluster.output.text)")
        }
    }
}
