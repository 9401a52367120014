import Builds
import Kubernetes
import TestSupport
import Testing

@testable import KubernetesBuilds

/// Statuses and events as clusters write them.
@Suite("What a pod's status says")
struct PodReadingTests {
    private static let steps: [BuildStep] = [.fetch, .build, .store]

    /// A pod in the words of its status; containers in the order of their steps.
    private func pod(_ status: String, metadata: String = "", requests: String = "{}") throws -> PodObject {
        let text = """
            {"metadata": {"name": "build-blog-x-abcde", "uid": "1"\(metadata)},
             "spec": {"initContainers": [
               {"name": "fetch-source", "image": "slipway:1"},
               {"name": "build", "image": "example.org/base:1", "resources": {"requests": \(requests), "limits": {"memory": "512Mi"}}}],
              "containers": [{"name": "store-artifact", "image": "slipway:1"}]},
             "status": \(status)}
            """
        return try JSON.decode(PodObject.self, from: Array(text.utf8), maximumSize: 1 << 20)
    }

    private func event(_ reason: String, _ message: String, name: String = "e") throws -> EventObject {
        let object: JSON = [
            "metadata": ["name": .string("\(name).\(reason)")], "reason": .string(reason), "message": .string(message),
        ]
        return try JSON.decode(EventObject.self, from: try object.encoded(), maximumSize: 1 << 20)
    }

    private func job(_ status: String, metadata: String = "") throws -> JobObject {
        let text = #"{"metadata": {"name": "build-blog-x", "uid": "j"\#(metadata)}, "status": \#(status)}"#
        return try JSON.decode(JobObject.self, from: Array(text.utf8), maximumSize: 1 << 20)
    }

    private func stage(
        _ pod: PodObject? = nil, job: JobObject? = nil, _ events: [EventObject] = [], after earlier: PodObject? = nil,
        isGone: Bool = false
    ) -> JobStage {
        var picture = JobPicture()
        if let job { picture.see(job) }
        if let earlier { picture.see(earlier) }
        if let pod { isGone ? picture.lose(pod) : picture.see(pod) }
        for event in events { picture.see(event) }
        return PodReading(picture: picture, steps: Self.steps).stage
    }

    private func reason(_ stage: JobStage) -> PendingReason? {
        if case .pending(let reason) = stage { reason } else { nil }
    }

    private static let running =
        #"{"phase": "Pending", "initContainerStatuses": [{"name": "fetch-source", "state": {"terminated": {"exitCode": 0}}}, {"name": "build", "state": {"running": {}}}]}"#

    private func waiting(_ reason: String, _ message: String) -> String {
        """
        {"phase": "Pending", "initContainerStatuses": [{"name": "fetch-source", "state": {"terminated": {"exitCode": 0}}},
         {"name": "build", "state": {"waiting": {"reason": "\(reason)", "message": "\(message)"}}}]}
        """
    }

    @Test("a pod goes through its steps")
    func steps() throws {
        #expect(stage() == .pending(nil))
        #expect(stage(try pod("{}")) == .pending(nil))
        let fetching =
            #"{"phase": "Pending", "initContainerStatuses": [{"name": "fetch-source", "state": {"running": {}}}]}"#
        #expect(stage(try pod(fetching)) == .fetching)
        #expect(stage(try pod(Self.running)) == .building)
        let storing =
            #"{"phase": "Running", "initContainerStatuses": [{"name": "fetch-source", "state": {"terminated": {"exitCode": 0}}}, {"name": "build", "state": {"terminated": {"exitCode": 0}}}], "containerStatuses": [{"name": "store-artifact", "state": {"running": {}}}]}"#
        #expect(stage(try pod(storing)) == .storing)
        let ended =
            #"{"phase": "Succeeded", "initContainerStatuses": [{"name": "fetch-source", "state": {"terminated": {"exitCode": 0}}}, {"name": "build", "state": {"terminated": {"exitCode": 0}}}], "containerStatuses": [{"name": "store-artifact", "state": {"terminated": {"exitCode": 0, "message": "{\"artifact\":null}"}}}]}"#
        #expect(stage(try pod(ended)) == .ended(.succeeded(build: "", store: #"{"artifact":null}"#)))
    }

    @Test(
        "a pod that no node takes is explained",
        arguments: [
            ("0/1 nodes are available: 1 Insufficient cpu.", "no node has 4 CPUs free"),
            (
                "0/3 nodes are available: 3 Insufficient memory. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.",
                "no node has 64 GiB of memory free"
            ),
            (
                "0/1 nodes are available: 1 node(s) had taint {node.kubernetes.io/not-ready: }, that the pod didn't tolerate.",
                "the nodes' taints keep the pod away"
            ),
            (
                "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.",
                "no node is one that the pod's template names"
            ),
            ("0/1 nodes are available: 1 Too many pods.", "all nodes have as many pods as they take"),
            ("no nodes available to schedule pods", "the cluster has no nodes"),
        ])
    func scheduling(message: String, words: String) throws {
        let status =
            #"{"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "\#(message)"}]}"#
        let found = reason(stage(try pod(status, requests: #"{"cpu": "4", "memory": "64Gi"}"#)))
        #expect(found?.kind == .scheduling)
        #expect(found?.text.hasPrefix("Waiting for a node: \(words) (") == true, "\(found?.text ?? "")")
        #expect(found?.text.contains("preemption") == false)
    }

    @Test("a quota that is used up is told without the name of a pod that is not there")
    func quota() throws {
        let message =
            #"Error creating: pods "build-blog-x-8qkzl" is forbidden: exceeded quota: builds, requested: requests.cpu=1, used: requests.cpu=2, limited: requests.cpu=2"#
        let found = reason(stage(job: try job("{}"), [try event("FailedCreate", message)]))
        #expect(
            found
                == PendingReason(
                    .quota,
                    "The namespace's quota is used up: builds, requested: requests.cpu=1, used: requests.cpu=2, limited: requests.cpu=2"
                ))
        let refused =
            #"Error creating: pods "build-x" is forbidden: violates PodSecurity "restricted:latest": seccompProfile"#
        #expect(
            reason(stage(job: try job("{}"), [try event("FailedCreate", refused)]))
                == PendingReason(
                    .configuration,
                    #"The cluster does not accept the build's pod: violates PodSecurity "restricted:latest": seccompProfile"#
                ))
    }

    @Test("an image that cannot be pulled is told in the registry's words, whatever the container waits for just now")
    func images() throws {
        let failure = try event(
            "Failed",
            #"Failed to pull image "example.org/base:1": rpc error: code = NotFound desc = failed to pull and unpack image "example.org/base:1": failed to resolve reference "example.org/base:1": example.org/base:1: not found"#
        )
        let expected = PendingReason(
            .noImage, "The image example.org/base:1 cannot be pulled: example.org/base:1: not found")
        let back = try pod(waiting("ImagePullBackOff", "Back-off pulling image"))
        let error = try pod(
            waiting("ErrImagePull", "rpc error: code = NotFound desc = failed to pull and unpack image: not found"))
        #expect(reason(stage(back, [failure])) == expected)
        #expect(reason(stage(error, [failure])) == expected)
        let away = try event(
            "Failed",
            #"Failed to pull image "example.org/base:1": rpc error: code = Unknown desc = failed to do request: Head "https://example.org/v2/base/manifests/1?ns=x&token=secret": dial tcp: i/o timeout"#
        )
        let found = reason(stage(back, [away]))
        #expect(found?.kind == .image && found?.text.contains("secret") == false, "\(found?.text ?? "")")
        #expect(reason(stage(try pod(waiting("ErrImageNeverPull", "x"))))?.kind == .noImage)
        #expect(reason(stage(try pod(waiting("InvalidImageName", "x"))))?.kind == .noImage)
    }

    @Test("pulling is told with the image, until it is there")
    func pulling() throws {
        let pod = try pod(waiting("PodInitializing", ""))
        let pulling = try event("Pulling", #"Pulling image "example.org/base:1""#)
        #expect(reason(stage(pod, [pulling])) == PendingReason(.pulling, "Pulling the image example.org/base:1"))
        #expect(stage(pod, [pulling, try event("Pulled", "Successfully pulled image")]) == .pending(nil))
    }

    @Test("what a template names and the namespace has not is told")
    func configuration() throws {
        let missing = try pod(waiting("CreateContainerConfigError", #"secret \"registry\" not found"#))
        #expect(reason(stage(missing))?.kind == .configuration)
        let mount = try event(
            "FailedMount", #"MountVolume.SetUp failed for volume "registry" : secret "registry" not found"#)
        let found = reason(stage(try pod(waiting("ContainerCreating", "")), [mount]))
        #expect(found?.kind == .configuration && found?.text.contains(#"secret "registry" not found"#) == true)
    }

    @Test("an app's Secret for the registry that is missing, or of another type, is told by its name and use")
    func registrySecret() throws {
        let pod = try JSON.decode(
            PodObject.self,
            from: Array(
                """
                {"metadata": {"name": "p"}, "status": {"phase": "Pending"}, "spec": {"containers": [], "volumes": [
                    {"name": "workspace", "emptyDir": {}},
                    {"name": "registry", "secret": {"secretName": "registry-blog"}}]}}
                """.utf8), maximumSize: 4096)
        func reading(_ words: String) throws -> PendingReason? {
            let event = try event("FailedMount", "MountVolume.SetUp failed for volume \"registry\" : \(words)")
            return reason(stage(pod, [event]))
        }
        let whose = "The Secret registry-blog, with which this app's images are pushed,"
        #expect(
            try reading("secret \"registry-blog\" not found")
                == PendingReason(
                    .configuration, "\(whose) is not in the builds' namespace; the operator has to make it"))
        let other = try reading("references non-existent secret key: .dockerconfigjson")
        #expect(other?.kind == .configuration && other?.text.hasPrefix("\(whose) has no .dockerconfigjson") == true)
        // A node that is slow is no fault of the Secret.
        #expect(try reading("failed to sync secret cache: timed out waiting for the condition")?.kind == .node)
    }

    private func ended(_ container: String, _ terminated: String) throws -> JobStage {
        stage(
            try pod(
                #"{"phase": "Failed", "initContainerStatuses": [{"name": "fetch-source", "state": {"terminated": {"exitCode": 0}}}, {"name": "build", "state": {"terminated": \#(terminated)}}]}"#
            ))
    }

    @Test("containers' ends are told apart")
    func endings() throws {
        #expect(
            try ended("build", #"{"exitCode": 3, "reason": "Error"}"#) == .ended(.failed(.build, code: 3, message: "")))
        #expect(
            try ended("build", #"{"exitCode": 137, "reason": "OOMKilled"}"#)
                == .ended(.outOfMemory(.build, limit: "512Mi")))
        let start =
            #"{"exitCode": 128, "reason": "StartError", "message": "failed to create containerd task: exec: \"/bin/sh\": no such file"}"#
        #expect(
            try ended("build", start)
                == .ended(
                    .notStartable(.build, reason: #"failed to create containerd task: exec: "/bin/sh": no such file"#)))
        let fetch =
            #"{"phase": "Failed", "initContainerStatuses": [{"name": "fetch-source", "state": {"terminated": {"exitCode": 1, "message": "the object store\n is away\u0007"}}}]}"#
        #expect(stage(try pod(fetch)) == .ended(.failed(.fetch, code: 1, message: "the object store is away")))
    }

    @Test("a node that puts a pod out forgets its containers, but what has run is not forgotten")
    func evicted() throws {
        let status =
            #"{"phase": "Failed", "reason": "Evicted", "message": "Usage of EmptyDir volume \"workspace\" exceeds the limit \"5Mi\". "}"#
        let words = #"Usage of EmptyDir volume "workspace" exceeds the limit "5Mi"."#
        #expect(stage(try pod(status)) == .ended(.evicted(words, hasRun: false)))
        #expect(stage(try pod(status), after: try pod(Self.running)) == .ended(.evicted(words, hasRun: true)))
    }

    @Test(
        "nodes that are lost, shut down or full are told apart",
        arguments: [
            ("NodeLost", "its node was lost"), ("Shutdown", "its node was shut down"),
            ("OutOfcpu", "its node refused it: Pod cpu (OutOfcpu)"),
        ])
    func nodes(reason: String, words: String) throws {
        let status = #"{"phase": "Failed", "reason": "\#(reason)", "message": "Pod cpu"}"#
        #expect(stage(try pod(status)) == .ended(.lost(words, hasRun: false)))
    }

    @Test("a pod that is deleted waits for its reason: deadline, preemption, drain, or nobody's")
    func deleted() throws {
        let deleted = try pod(Self.running, metadata: #", "deletionTimestamp": "2026-01-01T00:00:00Z""#)
        #expect(stage(deleted) == .vanishing(.lost("its pod was deleted", hasRun: true)))
        #expect(stage(try pod(Self.running), isGone: true) == .vanishing(.lost("its pod was deleted", hasRun: true)))
        let late = try job(#"{"conditions": [{"type": "Failed", "status": "True", "reason": "DeadlineExceeded"}]}"#)
        #expect(stage(deleted, job: late) == .ended(.deadline(.build, hasRun: true)))
        let preempted = try event("Preempted", "Preempted by default/high on node node1")
        #expect(stage(deleted, [preempted]) == .ended(.lost("a pod of higher priority took its place", hasRun: true)))
        let drained = try pod(
            #"{"phase": "Running", "conditions": [{"type": "DisruptionTarget", "status": "True", "reason": "EvictionByEvictionAPI", "message": "Eviction API: evicting"}]}"#,
            metadata: #", "deletionTimestamp": "2026-01-01T00:00:00Z""#)
        #expect(stage(drained) == .ended(.lost("its node is being drained", hasRun: false)))
        // A container that ends because its pod is deleted has not failed.
        let killed = try pod(
            #"{"phase": "Pending", "initContainerStatuses": [{"name": "fetch-source", "state": {"terminated": {"exitCode": 0}}}, {"name": "build", "state": {"terminated": {"exitCode": 137, "reason": "Error"}}}]}"#,
            metadata: #", "deletionTimestamp": "2026-01-01T00:00:00Z""#)
        #expect(stage(killed) == .vanishing(.lost("its pod was deleted", hasRun: true)))
    }

    @Test("a deadline is told of the step that it met")
    func deadline() throws {
        let late = try job(#"{"conditions": [{"type": "Failed", "status": "True", "reason": "DeadlineExceeded"}]}"#)
        func step(_ fetch: String, _ build: String, _ store: String) throws -> BuildStep? {
            let text = """
                {"phase": "Pending", "initContainerStatuses": [{"name": "fetch-source", "state": \(fetch)},
                 {"name": "build", "state": \(build)}], "containerStatuses": [{"name": "store-artifact", "state": \(store)}]}
                """
            guard case .ended(.deadline(let step, _)) = stage(try pod(text), job: late) else {
                Issue.record("no deadline")
                return nil
            }
            return step
        }
        let (done, killed) = (#"{"terminated": {"exitCode": 0}}"#, #"{"terminated": {"exitCode": 137}}"#)
        let (runs, waits) = (#"{"running": {}}"#, #"{"waiting": {}}"#)
        #expect(try step(waits, waits, waits) == nil)
        #expect(try step(runs, waits, waits) == .fetch)
        #expect(try step(killed, waits, waits) == .fetch)
        #expect(try step(done, runs, waits) == .build)
        #expect(try step(done, killed, waits) == .build)
        #expect(try step(done, done, runs) == .store)
        #expect(try step(done, done, killed) == .store)
        #expect(try step(done, done, waits) == .store)
    }

    @Test("a second pod is an end: nothing is built twice")
    func secondPod() throws {
        var other = try pod(Self.running)
        other.metadata.uid = "2"
        var picture = JobPicture()
        picture.see(try pod(Self.running))
        picture.see(other)
        let expected = JobEnding.lost("its pod was deleted, and the cluster began another one", hasRun: true)
        #expect(PodReading(picture: picture, steps: Self.steps).stage == .ended(expected))
    }

    @Test("whatever a cluster says comes out in one short line")
    func fuzz() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        let parts = [
            "\n", "\u{1B}[31m", "\u{202E}", "\u{0}", "rpc error: code = X desc = ", "exceeded quota: ", "\"", "\": ",
            "is forbidden: ", "https://h/p?sig=abc", "a", "é", "🚢", " preemption:", "Insufficient cpu", "not found",
            " ",
        ]
        for _ in 0..<400 {
            let text = (0..<Int.random(in: 0...60, using: &random)).map { _ in parts.randomElement(using: &random) ?? ""
            }.joined()
            let encoded = String(decoding: try JSON.string(text).encoded(), as: UTF8.self)
            let statuses = [
                #"{"conditions": [{"type": "PodScheduled", "status": "False", "message": \#(encoded)}]}"#,
                #"{"phase": "Failed", "reason": \#(encoded), "message": \#(encoded)}"#,
                #"{"initContainerStatuses": [{"name": "fetch-source", "state": {"waiting": {"reason": "ErrImagePull", "message": \#(encoded)}}}]}"#,
                #"{"initContainerStatuses": [{"name": "fetch-source", "state": {"terminated": {"exitCode": 1, "message": \#(encoded)}}}]}"#,
            ]
            for status in statuses {
                for reasons in ["FailedCreate", "Failed", "FailedMount", "Pulling"] {
                    let said = "\(stage(try pod(status), [try event(reasons, text)]))"
                    #expect(!said.contains("sig=abc") && said.count < 1500, "seed \(seed): \(said)")
                    for line in [reason(stage(try pod(status), [try event(reasons, text)]))?.text ?? ""] {
                        #expect(
                            line.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 0x202E },
                            "seed \(seed): \(line)")
                    }
                }
            }
            _ = stage(job: try job("{}"), [try event("FailedCreate", text)])
        }
    }
}
