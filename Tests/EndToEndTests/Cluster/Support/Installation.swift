import FoundationEssentials
import Glibc
import Synchronization

/// Slipway in the cluster, as all these tests share it: made when the first of them asks, with the key of one user.
final class Installation: Sendable {
    /// Of Slipway, its bucket, and everything that is not a build.
    static let kubectl = Kubectl(namespace: "slipway")
    static let serverLabels = "app.kubernetes.io/name=slipway,app.kubernetes.io/component=server"
    static let bucketLabels = "app.kubernetes.io/name=slipway-s3,app.kubernetes.io/component=server"

    let overlay: Overlay
    let builds = BuildJobs("slipway-builds")
    /// In the names of all apps, since the volume may hold those of an earlier run.
    let run: String
    private let directory: TemporaryDirectory
    private let key: TestKey

    private static let keeper = Keeper()

    private actor Keeper {
        private var making: Task<Installation, any Error>?

        func get() async throws -> Installation {
            let task = making ?? Task { try await Installation.make() }
            making = task
            return try await task.value
        }
    }

    /// The installation, with all its parts well.
    static func ready() async throws -> Installation {
        let installation = try await keeper.get()
        try await installation.isWell()
        return installation
    }

    private init(directory: TemporaryDirectory, key: TestKey, overlay: Overlay, run: String) {
        self.directory = directory
        self.key = key
        self.overlay = overlay
        self.run = run
        // It lives as long as the process.
        Self.leftover.withLock { $0 = directory.path }
        atexit {
            guard let path = Installation.leftover.withLock({ $0 }) else { return }
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    private static let leftover = Mutex<String?>(nil)

    private static func make() async throws -> Installation {
        let cluster = Kubectl(timeout: .seconds(180))
        let known = try await cluster.json("get", "namespaces")["items"]?.elements ?? []
        for namespace in known where ["slipway", "slipway-builds"].contains(namespace.name) {
            guard namespace["metadata", "labels", Overlay.mark] != nil else {
                throw Failed(
                    "the cluster has a namespace \(namespace.name) that these tests did not make; they would spoil it")
            }
            // Of an earlier run.
            try await cluster("delete", "namespace", namespace.name, "--timeout=150s")
        }
        let directory = try TemporaryDirectory()
        try directory.makeDirectory("home")
        let key = try await TestKey.make("alice", in: directory)
        let run = String((0..<4).map { _ in "abcdefghijkmnpqrstuvwxyz23456789".randomElement() ?? "a" })
        var templates = ["default": Overlay.template()]
        for trouble in Trouble.allCases { templates["app.\(trouble.rawValue)-\(run)"] = trouble.template(run) }
        let overlay = Overlay(
            directory: directory, templates: templates, access: Site.accessFile(["alice": ["*"]], ["alice": key]))
        let versions = try await cluster("api-versions")
        try overlay.write(budgets: versions.contains("policy/v1\n") ? "policy/v1" : "policy/v1beta1")
        let installation = Installation(directory: directory, key: key, overlay: overlay, run: run)
        try await installation.apply()
        return installation
    }

    /// Applies the manifests, as `kubectl` does for everybody.
    ///
    /// - Returns: What was said of each object.
    @discardableResult
    func apply() async throws -> String { try await Kubectl()("apply", "-k", overlay.path) }

    /// Waits until both Deployments have exactly the pods that they should, and the server finds all it needs.
    func isWell(within limit: Duration = .seconds(180)) async throws {
        let kubectl = Self.kubectl
        try await kubectl.eventually("Slipway and its bucket are well", within: limit) {
            for labels in [Self.serverLabels, Self.bucketLabels] {
                let pods = try await kubectl.list("pods", labels)
                for pod in pods { try await expectNoCrash(pod) }
                guard pods.count == 1, let pod = pods.first, pod.has(condition: "Ready"), !pod.isBeingDeleted else {
                    return false
                }
            }
            let deployment = try await kubectl.json("get", "deployment", "slipway")
            guard deployment["status", "observedGeneration"] == deployment["metadata", "generation"],
                deployment["status", "updatedReplicas"]?.number == 1
            else { return false }
            let dependencies = try? await status()["dependencies"]?.elements
            return dependencies?.isEmpty == false && dependencies?.allSatisfy { $0["state"]?.string == "up" } == true
        }
    }

    /// Fails at once when a pod cannot come up: waiting would tell nothing new.
    private func expectNoCrash(_ pod: JSONTree) async throws {
        for state in pod["status", "containerStatuses"]?.elements ?? [] where (state["restartCount"]?.number ?? 0) > 1 {
            guard state["state", "waiting", "reason"]?.string == "CrashLoopBackOff" else { continue }
            throw Failed("\(pod.name) crashes:\n\(await Self.kubectl.account())")
        }
    }

    // MARK: The server

    /// The server's only pod.
    func pod() async throws -> JSONTree {
        let pods = try await Self.kubectl.list("pods", Self.serverLabels).filter { !$0.isBeingDeleted }
        guard pods.count == 1 else { throw Failed("expected one pod of the server, there are \(pods.map(\.name))") }
        return pods[0]
    }

    /// `/status.json` of the server's pod.
    func status() async throws -> JSONTree { try JSONTree(parsing: try await get("/status.json")) }

    /// What the server's pod answers to a path.
    func get(_ path: String) async throws -> String {
        try await Self.kubectl("get", "--raw", "/api/v1/namespaces/slipway/pods/\(pod().name):8092/proxy\(path)")
    }

    /// Whether a dependency is `up` or `down`.
    func state(of dependency: String) async throws -> String? {
        try await status()["dependencies"]?.elements.first { $0["name"]?.string == dependency }?["state"]?.string
    }

    /// Runs a shell script in the server's container.
    func shell(_ script: String) async throws -> String {
        try await Self.kubectl("exec", pod().name, "-c", "slipway", "--", "sh", "-c", script)
    }

    /// Sends a signal to the server itself, which is not the first process of its container.
    func signal(_ name: String) async throws {
        let text = try await shell(
            """
            for process in /proc/[0-9]*; do
              [ "$(cat $process/comm)" = slipway ] || continue
              kill -\(name) ${process#/proc/} && echo sent
            done
            """)
        guard text == "sent" else { throw Failed("the server's process was not found: \(text)") }
    }

    // MARK: Pushing

    /// Where a service is for this machine.
    private func address(of service: String, port: String) async throws -> (host: String, port: Int) {
        let object = try await Self.kubectl.json("get", "service", service)
        let ports = object["spec", "ports"]?.elements.first { $0["name"]?.string == port }
        if TestBed.isHere, let host = object["spec", "clusterIP"]?.string, let port = ports?["port"]?.number {
            return (host, Int(port))
        }
        let nodes = try await Kubectl().json("get", "nodes")["items"]?.elements ?? []
        let addresses = nodes.flatMap { $0["status", "addresses"]?.elements ?? [] }
        guard let node = addresses.first(where: { $0["type"]?.string == "InternalIP" })?["address"]?.string,
            let port = ports?["nodePort"]?.number
        else { throw Failed("no way to the service \(service)") }
        return (node, Int(port))
    }

    /// The user's `ssh`, through the Service.
    func ssh() async throws -> SSHClient {
        let address = try await address(of: "slipway", port: "ssh")
        return SSHClient(key: key, port: UInt16(address.port), directory: directory, host: address.host)
    }

    /// The name of an app that no other run has.
    func app(_ name: String) -> String { "\(name)-\(run)" }

    /// A repository with one commit, whose `.slipway/build` is the script.
    func git(_ name: String, building script: String) async throws -> GitClient {
        let git = try await GitClient.initialise(directory("\(name)-\(UInt32.random(in: 0...UInt32.max))"), ssh: ssh())
        try git.writeBuild(script)
        try await git.commit("Build it")
        return git
    }

    /// What is in the bucket.
    func store() async throws -> ClusterStore {
        let address = try await address(of: "slipway-s3", port: "s3")
        let secret = try await Self.kubectl.json("get", "secret", "slipway-s3")
        func value(_ key: String) -> String {
            let text = secret["data", key]?.string ?? ""
            return String(decoding: Data(base64Encoded: text) ?? Data(), as: UTF8.self)
        }
        return ClusterStore(
            endpoint: "http://\(address.host):\(address.port)/slipway",
            user: "\(value("access-key-id")):\(value("secret-access-key"))")
    }
}

extension CommandResult {
    /// This result, if it is that of a push that was accepted.
    ///
    /// - Throws: ``Failed`` with how it ended, which is what tells most.
    @discardableResult
    func accepted() throws -> CommandResult {
        guard status == 0 else { throw Failed("the push ended with \(status):\n\(messages.suffix(4000))") }
        return self
    }

    /// What a push was told, line by line, without git's padding.
    var told: [String] {
        messages.split(separator: "\n").filter { $0.hasPrefix("remote: ") }.map { line in
            String(line.dropFirst("remote: ".count).reversed().drop { $0 == " " }.reversed())
        }
    }
}

extension RunningCommand {
    /// Waits until a push was told `text`; if it is not, or the push ends before, what it was told is in the error.
    func isTold(_ text: String, within limit: Duration = .seconds(90)) async throws {
        do {
            try await eventually("\(name) is told “\(text)”", within: limit) {
                // In this order: the last words come before the end.
                let hasEnded = process.ending != nil
                if messages.contains(text) { return true }
                if hasEnded { throw Failed("ended without “\(text)”") }
                return false
            }
        } catch {
            throw Failed("\(error)\n\(messages.suffix(4000))")
        }
    }
}

extension GitClient {
    /// Pushes `main` to an app of a cluster, where a build takes longer than on one machine.
    func pushMain(_ app: String, within limit: Duration = .seconds(120)) async throws -> CommandResult {
        try await startPush(app, "main").result(within: limit)
    }

    /// What the server has of an app's `main`; nil if there is none.
    func remoteMain(_ app: String) async throws -> String? {
        let text = try await self("ls-remote", remote(app), "refs/heads/main")
        return text.isEmpty ? nil : String(text.prefix { !$0.isWhitespace })
    }
}
