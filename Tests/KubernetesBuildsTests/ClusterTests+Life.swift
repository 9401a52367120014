import Builds
import Kubernetes
import ObjectStorage
import TestSupport
import Testing

@testable import KubernetesBuilds

/// What happens to a build from outside while it runs.
extension ClusterTests {
    @Test("a push that is cancelled leaves no Job and no pod")
    func cancellation() async throws {
        try await Cluster.with { cluster in
            let request = try await cluster.request(.script("echo begin; sleep 1000"))
            let (service, output) = (cluster.service(), cluster.output)
            let build = Task { try await service.run(request, output: output) }
            try await output.wait(for: "begin\n")
            build.cancel()
            let start = ContinuousClock.now
            await #expect(throws: CancellationError.self) { try await build.value }
            // Nothing of it runs any more, and the next push of the app has not waited for long.
            #expect(ContinuousClock.now - start < .seconds(12))
            let pods = try await cluster.pods()
            #expect(pods.allSatisfy { $0.state(of: .build)?.running == nil })
            #expect(!cluster.log.lines.contains { $0.contains("could not be removed") }, "\(cluster.log.lines)")
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
            try await eventually("no pod that runs") {
                try await cluster.pods().allSatisfy { $0.status?.phase != "Running" }
            }
            #expect(output.text.split(separator: "\n").count { $0 == "begin" } == 1, "\(output.text)")
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
            #expect(
                stranger?.cause == "the Kubernetes API refuses this builder's credentials", "\(stranger?.cause ?? "")")
        }
    }

    @Test("a Job that is there already is the build's own and is not made twice, or it is somebody else's")
    func existing() async throws {
        try await Cluster.with { cluster in
            for isOurs in [true, false] {
                let request = try await cluster.request(.script("echo begin; echo kept >$SLIPWAY_OUTPUT/file"))
                var configuration = cluster.configuration
                if !isOurs { configuration.server = KubernetesServerIdentity(name: "other", boot: "02") }
                let key = try BuildKeys(app: request.app, id: request.id).artifact
                let spec = try JobSpec(
                    request, configuration, template: .builtIn(),
                    sourceURL: try await cluster.objects.store.presign(.get, request.source.key, for: .seconds(60)),
                    artifactURL: try await cluster.objects.store.presign(.put, key, for: .seconds(60)))
                _ = try await cluster.client.create(JobObject.self, .jobs, spec.object, namespace: cluster.namespace)
                if isOurs {
                    let report = try await cluster.service().run(request, output: cluster.output)
                    #expect(report.succeeded && report.artifact != nil, "\(report.reason)")
                    #expect(cluster.output.text.split(separator: "\n").count { $0 == "begin" } == 1)
                } else {
                    await #expect(throws: BuildServiceError.self) {
                        try await cluster.service().run(request, output: cluster.output)
                    }
                }
            }
            // That of somebody else is left alone.
            let jobs = try await cluster.jobs()
            #expect(jobs.count == 2 && jobs.allSatisfy { $0.metadata.deletionTimestamp == nil })
        }
    }
}
