import Builds
import Crypto
import Foundation
import Identifiers
import Logging
import ObjectStorage
import Retries
import TestSupport
import Testing

@testable import Kubernetes
@testable import KubernetesBuilds

/// The real cluster of `KUBECONFIG`, with a namespace of one test's own, and an object store that its pods reach.
///
/// Images come from the environment: `CLUSTER_TEST_IMAGE` is Slipway's own, `CLUSTER_TEST_BUILD_IMAGE` has a shell.
struct Cluster {
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    private(set) var client: KubernetesClient
    let namespace: String
    let objects: ObjectsOverHTTP
    var configuration: KubernetesBuildConfiguration
    /// As `KUBECONFIG` has it.
    private let admin: KubernetesConfiguration
    private var isReplaced = false
    let output = CollectedOutput()
    let log = RecordingLog()

    static func variable(_ name: String, or value: String) -> String {
        ProcessInfo.processInfo.environment[name] ?? value
    }

    /// The address of this machine at which the test bed's pods reach it.
    static var address: String { variable("CLUSTER_TEST_ADDRESS", or: "10.99.0.1") }

    static func makeClient(_ label: String = "test") throws -> KubernetesClient {
        guard let path = ProcessInfo.processInfo.environment["KUBECONFIG"], !path.isEmpty else {
            throw Missing(description: "KUBECONFIG is not set: these tests need a cluster; see scripts/testbed")
        }
        return KubernetesClient(
            configuration: try .kubeconfig([path], context: nil),
            logger: Logger(label: label) { _ in SwiftLogNoOpLogHandler() })
    }

    init(
        client: KubernetesClient, namespace: String, objects: ObjectsOverHTTP,
        configuration: KubernetesBuildConfiguration
    ) {
        self.client = client
        admin = client.configuration
        self.namespace = namespace
        self.objects = objects
        self.configuration = configuration
    }

    /// Runs a test in a namespace that is removed afterwards.
    static func with(
        template: String? = nil, quota: JSON? = nil, _ body: (inout Cluster) async throws -> Void
    ) async throws {
        let client = try makeClient()
        let namespace = "builds-\(PushID.generate().rawValue.lowercased().suffix(12))"
        let result: Result<Void, any Error>
        do {
            try await ClusterObjects.create(client, namespace, quota)
            result = .success(
                try await ObjectsOverHTTP.with(address: address) { objects in
                    var configuration = KubernetesBuildConfiguration(
                        image: variable("CLUSTER_TEST_IMAGE", or: "slipway:0.1.0"),
                        server: KubernetesServerIdentity(name: "tests-\(namespace)", boot: PushID.generate().rawValue))
                    configuration.namespace = namespace
                    configuration.serviceAccount = "default"
                    configuration.buildImage = variable("CLUSTER_TEST_BUILD_IMAGE", or: "local.test/busybox:1")
                    configuration.timeout = .seconds(60)
                    configuration.startTimeout = .seconds(60)
                    if let template {
                        try objects.directory.write(template, to: "default.yaml")
                        configuration.podTemplates = objects.directory.path
                    }
                    var cluster = Cluster(
                        client: client, namespace: namespace, objects: objects, configuration: configuration)
                    let result: Result<Void, any Error>
                    do { result = .success(try await body(&cluster)) } catch { result = .failure(error) }
                    if cluster.isReplaced { await cluster.client.shutdown() }
                    try result.get()
                })
        } catch {
            result = .failure(error)
        }
        try? await ClusterObjects.deleteNamespace(client, namespace)
        await client.shutdown()
        try result.get()
    }

    /// Has its builds reach the API through a proxy.
    mutating func throughProxy() async throws -> GateProxy {
        let address = try #require(URL(string: client.configuration.server))
        let proxy = try await GateProxy(toHost: address.host() ?? "", port: address.port ?? 443)
        try await replaceClient(
            KubernetesConfiguration(
                server: "https://127.0.0.1:\(proxy.port)", namespace: namespace, origin: "test", trust: admin.trust,
                login: admin.login))
        return proxy
    }

    /// Has its builds be somebody else.
    mutating func become(token: String) async throws {
        try await replaceClient(
            KubernetesConfiguration(
                server: admin.server, namespace: namespace, origin: "test", trust: admin.trust,
                login: Login(source: .token(token))))
    }

    private mutating func replaceClient(_ configuration: KubernetesConfiguration) async throws {
        var limits = KubernetesLimits()
        limits.firstDelay = .milliseconds(50)
        limits.maximumDelay = .seconds(1)
        let replaced = KubernetesClient(
            configuration: configuration, limits: limits,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        // The first one is that of the namespace's removal.
        if isReplaced { await client.shutdown() }
        isReplaced = true
        client = replaced
    }

    var executor: KubernetesExecutor {
        KubernetesExecutor(configuration: configuration, client: client, logger: log.logger)
    }

    func service(_ executor: KubernetesExecutor? = nil) -> BuildService {
        BuildService(store: objects.store, executor: executor ?? self.executor)
    }

    func request(_ tree: SourceTree, _ recipe: BuildRecipe = .script, digest: String? = nil) async throws
        -> BuildRequest
    {
        let source = try tree.archive()
        let id = PushID.generate().rawValue
        let key = try ObjectKey("apps/blog/sources/\(id).tar.gz")
        try await objects.store.put(key, bytes: source)
        let hash = SHA256.hash(data: source).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return BuildRequest(
            id: id, app: try AppName("blog"), commit: String(repeating: "a", count: 40), ref: "refs/heads/main",
            user: "alice", recipe: recipe,
            source: StoredSource(key: key, size: Int64(source.count), sha256: digest ?? hash))
    }

    func run(_ tree: SourceTree, _ recipe: BuildRecipe = .script) async throws -> BuildReport {
        try await service().run(request(tree, recipe), output: output)
    }

    /// Runs a build that must not come to be, and tells why it did not.
    func unavailability(_ tree: SourceTree) async throws -> ExecutorUnavailable {
        do {
            let report = try await run(tree)
            throw Missing(description: "it was built: \(report.outcome) \(report.reason)")
        } catch BuildServiceError.unavailable(let error) {
            return error
        }
    }

    func jobs() async throws -> [JobObject] {
        try await client.list(JobObject.self, .jobs, namespace: namespace).items
    }

    func pods() async throws -> [PodObject] {
        try await client.list(PodObject.self, .pods, namespace: namespace).items
    }

    /// Waits until nothing of any build is left.
    func waitUntilEmpty() async throws {
        try await eventually("no jobs and pods in \(namespace)") {
            let jobs = try await jobs()
            let pods = try await pods()
            return jobs.isEmpty && pods.isEmpty
        }
    }
}
