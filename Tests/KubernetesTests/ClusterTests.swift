import Foundation
import TestSupport
import Testing

@testable import Kubernetes

/// What a real API server does.
///
/// Needs `KUBECONFIG` and the tokens of the test bed.
@Suite("A real API server", .timeLimit(.minutes(10)))
struct ClusterTests {
    struct Object: Decodable, Equatable, Sendable {
        struct Metadata: Decodable, Equatable, Sendable {
            let name: String
            let uid: String
            let resourceVersion: String
        }

        let metadata: Metadata
    }

    private static func configMap(_ name: String, labels: JSON = [:], data: String = "x") -> JSON {
        [
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name), "labels": labels],
            "data": ["x": .string(data)],
        ]
    }

    private static func job(_ name: String) -> JSON {
        let container: JSON = ["name": "c", "image": "local.test/none:1", "imagePullPolicy": "Never"]
        return [
            "apiVersion": "batch/v1", "kind": "Job", "metadata": ["name": .string(name)],
            // No node has this label: the pod is never placed, and goes at once.
            "spec": [
                "backoffLimit": 0,
                "template": [
                    "spec": [
                        "restartPolicy": "Never", "containers": [container], "nodeSelector": ["client-test": "none"],
                    ]
                ],
            ],
        ]
    }

    private func expect(
        _ kind: KubernetesError.Kind, reason: String, message: String = "", _ body: () async throws -> Void
    ) async {
        do {
            try await body()
            Issue.record("nothing was thrown instead of \(kind)")
        } catch let error as KubernetesError {
            #expect(error.kind == kind && error.status?.reason == reason, "\(error)")
            #expect(message.isEmpty || error.status?.message.contains(message) == true, "\(error)")
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test("objects are created, read, listed by pages, and deleted")
    func objects() async throws {
        try await TestClient.with(TestCluster.configuration()) { client in
            try await TestCluster.withNamespace { namespace in
                var names: Set<String> = []
                for index in 0..<7 {
                    let map = Self.configMap("m\(index)", labels: ["half": .string(index < 4 ? "one" : "two")])
                    let made = try await client.create(Object.self, .configMaps, map, namespace: namespace)
                    let read = try await client.get(Object.self, .configMaps, namespace: namespace, name: "m\(index)")
                    #expect(made == read)
                    names.insert(made.metadata.name)
                }
                let list = try await client.list(Object.self, .configMaps, namespace: namespace, pageSize: 2)
                #expect(Set(list.items.map(\.metadata.name)).isSuperset(of: names) && !list.resourceVersion.isEmpty)
                let half = try await client.list(
                    Object.self, .configMaps, namespace: namespace, labels: ["half": "one"],
                    fields: ["metadata.namespace": namespace], pageSize: 1)
                #expect(half.items.count == 4)
                let missing = try await client.get(Object.self, .configMaps, namespace: namespace, name: "none")
                #expect(missing == nil)
            }
        }
    }

    @Test("deleting heeds the uid, and takes pods along as it is told")
    func deleting() async throws {
        try await TestClient.with(TestCluster.configuration()) { client in
            try await TestCluster.withNamespace { namespace in
                let first = try await client.create(Object.self, .configMaps, Self.configMap("m"), namespace: namespace)
                let other = try await client.delete(.configMaps, namespace: namespace, name: "m", uid: "another")
                let same = try await client.delete(
                    .configMaps, namespace: namespace, name: "m", uid: first.metadata.uid)
                let again = try await client.delete(.configMaps, namespace: namespace, name: "m")
                #expect(!other && same && !again)
                for propagation in [Propagation.background, .foreground] {
                    let name = "j-\(propagation.rawValue.lowercased())"
                    let job = try await client.create(Object.self, .jobs, Self.job(name), namespace: namespace)
                    try await eventually("the job has a pod") {
                        try await client.list(
                            Object.self, .pods, namespace: namespace, labels: ["job-name": name]
                        ).items.count == 1
                    }
                    try await client.delete(
                        .jobs, namespace: namespace, name: name, uid: job.metadata.uid, propagation: propagation)
                    try await eventually("job and pod are gone", within: .seconds(120)) {
                        let jobs = try await client.get(Object.self, .jobs, namespace: namespace, name: name)
                        let pods = try await client.list(
                            Object.self, .pods, namespace: namespace, labels: ["job-name": name])
                        return jobs == nil && pods.items.isEmpty
                    }
                }
            }
        }
    }

    @Test("the server's words come with each refusal")
    func refusals() async throws {
        try await TestClient.with(TestCluster.configuration()) { client in
            try await TestCluster.withNamespace { namespace in
                let map = Self.configMap("m")
                _ = try await client.create(Object.self, .configMaps, map, namespace: namespace)
                await expect(.alreadyExists, reason: "AlreadyExists", message: "\"m\" already exists") {
                    _ = try await client.create(Object.self, .configMaps, map, namespace: namespace)
                }
                await expect(.invalid, reason: "Invalid", message: "spec.template.spec.restartPolicy") {
                    var job = Self.job("j")
                    job["spec"]?["template"]?["spec"]?["restartPolicy"] = "Always"
                    _ = try await client.create(Object.self, .jobs, job, namespace: namespace)
                }
                await expect(.invalid, reason: "BadRequest") {
                    _ = try await client.create(Object.self, .jobs, ["kind": "Pod"], namespace: namespace)
                }
                await expect(.notFound, reason: "NotFound", message: "namespaces \"absent-namespace\" not found") {
                    _ = try await client.create(Object.self, .configMaps, map, namespace: "absent-namespace")
                }
                let unknown = ResourceKind(group: "nobody.example.org", version: "v1", plural: "things")
                await expect(.notFound, reason: "") {
                    _ = try await client.get(Object.self, unknown, namespace: namespace, name: "x")
                }
                try TestCluster.kubectl("create", "quota", "q", "--hard=count/configmaps=1", "-n", namespace)
                do {
                    try await eventually("the quota is in force") {
                        _ = try await client.create(
                            Object.self, .configMaps, Self.configMap("q\(UInt32.random(in: 0 ... .max))"),
                            namespace: namespace)
                        return false
                    }
                } catch let error as KubernetesError {
                    #expect(error.kind == .forbidden && error.inWords.contains("exceeded quota: q"), "\(error)")
                }
            }
        }
    }

    @Test("an administrator may do everything, a nobody nothing, and a stranger is told so")
    func access() async throws {
        let questions = [
            AccessQuestion("create", .jobs, namespace: "slipway-builds"),
            AccessQuestion("get", .pods, subresource: "log", namespace: "slipway-builds"),
            AccessQuestion("get", .secrets, namespace: "slipway", name: "slipway-host-keys"),
        ]
        try await TestClient.with(TestCluster.configuration(token: "ci-admin-token")) { client in
            try await client.isReady()
            let denied = try await client.denied(of: questions)
            #expect(denied.isEmpty)
            let version = try await client.version()
            #expect(version.major == 1 && version.minor >= 20)
        }
        try await TestClient.with(TestCluster.configuration(token: "ci-nobody-token")) { client in
            try await client.isReady()
            let denied = try await client.denied(of: questions)
            #expect(denied == questions)
            await expect(.forbidden, reason: "Forbidden", message: "cannot list resource \"pods\"") {
                _ = try await client.list(Object.self, .pods, namespace: "default")
            }
        }
        try await TestClient.with(TestCluster.configuration(token: "of-nobody-known")) { client in
            await expect(.unauthorized, reason: "Unauthorized") {
                _ = try await client.list(Object.self, .pods, namespace: "default")
            }
        }
    }

    @Test("a rotated token is taken up by a running client")
    func rotation() async throws {
        let directory = try TemporaryDirectory()
        try directory.write("ci-admin-token", to: "token")
        let login = Login(source: .tokenFile(directory("token")))
        try await TestClient.with(TestCluster.configuration(login)) { client in
            _ = try await client.list(Object.self, .pods, namespace: "default")
            try directory.write("of-nobody-known", to: "token")
            try await Task.sleep(for: .milliseconds(10))
            // The old one is good for a while, and no reason to read the file.
            _ = try await client.list(Object.self, .pods, namespace: "default")
        }
        try directory.write("of-nobody-known", to: "token")
        try await TestClient.with(TestCluster.configuration(login)) { client in
            await expect(.unauthorized, reason: "Unauthorized") {
                _ = try await client.list(Object.self, .pods, namespace: "default")
            }
            try directory.write("ci-admin-token\n", to: "token")
            _ = try await client.list(Object.self, .pods, namespace: "default")
        }
    }

    @Test("a server of another authority is not trusted, and one without a name in its certificate neither")
    func trust() async throws {
        let directory = try TemporaryDirectory()
        let pki = try TestPKI(in: directory)
        let server = try TestCluster.configuration().server
        for lines in [["certificate-authority: \(pki.authority)"], []] {
            try await TestClient.with(TestClient.configuration(server, cluster: lines)) { client in
                do {
                    try await client.isReady()
                    Issue.record("trusted")
                } catch let error as KubernetesError {
                    #expect(error.kind == .notTrusted && !error.leavesDoubt, "\(error)")
                }
            }
        }
        try await TestClient.with(TestClient.configuration(server, cluster: ["insecure-skip-tls-verify: true"])) {
            try await $0.isReady()
        }
        // At an address that is not in the server's certificate.
        let admin = try TestCluster.configuration()
        let address = try #require(URL(string: server))
        let proxy = try await GateProxy(on: "127.0.0.2", toHost: address.host() ?? "", port: address.port ?? 443)
        for (name, isGood) in [("kubernetes.default.svc", true), ("other.example.org", false), (nil, false)] {
            let trust = ServerTrust(authorities: admin.trust.authorities, isBlind: false, serverName: name)
            let configuration = KubernetesConfiguration(
                server: "https://127.0.0.2:\(proxy.port)", namespace: "default", origin: "test", trust: trust,
                login: admin.login)
            try await TestClient.with(configuration) { client in
                do {
                    try await client.isReady()
                    #expect(isGood, "\(name ?? "the address")")
                } catch let error as KubernetesError {
                    #expect(!isGood && error.kind == .notTrusted, "\(error)")
                }
            }
        }
        await proxy.stop()
    }
}
