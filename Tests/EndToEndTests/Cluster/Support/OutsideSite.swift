/// A server on this machine whose builds run in a namespace of its own in the cluster.
///
/// Pods get sources from it and leave artifacts with it by signed URLs, so this machine must be reached from them.
final class OutsideSite: Sendable {
    let site: Site
    let builds: BuildJobs
    private let namespace: String

    /// Where pods reach this machine; nil where nobody knows.
    static var host: String? { Kubectl.variable("CLUSTER_TEST_HOST") ?? (TestBed.isHere ? TestBed.host : nil) }

    /// Makes the namespace and starts the server.
    ///
    /// - Parameters:
    ///   - flags: More flags for `slipway serve`.
    ///   - kubeconfig: Where the server finds the cluster; nil: as everybody.
    ///   - prepare: What is to be done in the directory with the pod templates.
    /// - Returns: The server's site, once it listens.
    /// - Throws: ``Failed`` when pods cannot reach this machine, and what went wrong with the cluster or the start.
    static func start(
        _ flags: String..., kubeconfig: String? = nil, prepare: (TemporaryDirectory) throws -> Void = { _ in }
    ) async throws -> OutsideSite {
        guard let host else { throw Failed("CLUSTER_TEST_HOST is not set") }
        let namespace = "slipway-test-\(UInt32.random(in: 0...UInt32.max))"
        let kubectl = Kubectl(namespace: namespace)
        try await Kubectl()("create", "namespace", namespace)
        try await kubectl("create", "serviceaccount", "slipway-build")
        let directory = try TemporaryDirectory()
        let port = try FreePorts.first(of: 1)
        try directory.makeDirectory("templates")
        try directory.write("templates/default.yaml", Overlay.template())
        try prepare(directory)
        let own = try [
            "--executor", "kubernetes", "--kubernetes-kubeconfig", kubeconfig ?? Kubectl.configuration,
            "--kubernetes-namespace", namespace,
            "--kubernetes-image", Overlay.image, "--kubernetes-build-image", "debian:bookworm",
            "--kubernetes-pod-templates", directory("templates"), "--storage-public-url", "http://\(host):\(port)",
            "--storage-port", "\(port)",
        ]
        do {
            return OutsideSite(
                site: try await Site.start(flags: own + flags), namespace: namespace, directory: directory)
        } catch {
            try await Kubectl()("delete", "namespace", namespace, "--wait=false")
            throw error
        }
    }

    /// Of the pod templates and whatever else the server was given.
    private let directory: TemporaryDirectory

    private init(site: Site, namespace: String, directory: TemporaryDirectory) {
        self.site = site
        self.namespace = namespace
        self.directory = directory
        builds = BuildJobs(namespace)
    }

    deinit {
        let words = ["kubectl", "delete", "namespace", namespace, "--wait=false"]
        guard let command = try? Kubectl().command(Array(words.dropFirst())) else { return }
        let deleting = try? ChildProcess(
            command.program, command.arguments, environment: command.environment, output: "/dev/null")
        deleting?.waitBlocking()
    }
}
