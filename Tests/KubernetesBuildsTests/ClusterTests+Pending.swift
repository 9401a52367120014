import Builds
import Kubernetes
import ObjectStorage
import TestSupport
import Testing

@testable import KubernetesBuilds

/// What keeps a build from its beginning.
extension ClusterTests {
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
            #expect(
                cluster.output.text.split(separator: "\n").count { $0.contains(told) } == 1, "\(cluster.output.text)")
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
}
