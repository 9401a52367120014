import Access
import BlockingPool
import Builds
import GitRepository
import Glibc
import Kubernetes
import KubernetesBuilds
import Logging
import NIOPosix
import S3
import SSHServer
import Settings

/// What `slipway check` looks at: the same things that a start does, without making, changing or serving anything.
struct Preflight {
    let settings: Settings
    /// Whether a server runs with this data directory and may: what it holds, the lock and the ports, is not looked at.
    var isBesideServer = false
    /// Where a disk that hangs may keep a thread.
    var pool: NIOThreadPool = .singleton

    /// How long a disk may take to say what is there; it is no reason not to start.
    private static let diskPatience: Duration = .seconds(2)

    /// Checks everything.
    ///
    /// - Returns: What was found, a line each.
    /// - Throws: The first error, one line that names the setting.
    func run() async throws -> [String] {
        var found: [String] = []
        found.append(try dataDirectory())
        if isBesideServer {
            found.append("server: one runs with this data directory, so its lock and the ports were not looked at")
        }
        found.append(try await repositories())
        found.append(try access())
        if settings.ssh.hostKeysSecret != nil { _ = try Cluster.configuration(settings) }
        found.append(try builds())
        if let templates = try await podTemplates() { found.append(templates) }
        let git = try GitTool.locate()
        found.append("git: \(try await git.version())")
        let hostKeys = try HostKeys.load(existingIn: settings.ssh.hostKeys)
        found.append(
            hostKeys.paths.isEmpty
                ? "host keys: none yet; made at the first start"
                : "host keys: \(hostKeys.fingerprints.joined(separator: ", "))")
        try SSHServer.checkAlgorithms(SSHServerConfiguration(settings).algorithms)
        if settings.health.addresses.contains("::"), settings.health.addresses.contains("0.0.0.0") {
            // NIO's IPv6 sockets take IPv4 too, so the second could not be bound.
            throw StartError("health.address: \"::\" is all of IPv4 as well; leave 0.0.0.0 out")
        }
        if !isBesideServer { found.append(try ports()) }
        switch settings.storage.kind {
        case .s3:
            let configuration = try ObjectStores.configuration(settings)
            found.append("storage: bucket \(configuration.bucket) at \(configuration.endpoint); not asked")
        case .file where settings.storage.publicURL != nil:
            found.append("storage: files, given out at port \(settings.storage.port)")
        case .file:
            found.append("storage: files")
        }
        return found
    }

    private func dataDirectory() throws -> String {
        let path = settings.dataDirectory
        guard unsafe Glibc.access(path, F_OK) != 0 else {
            try DataDirectory.checkUse(of: path, besideServer: isBesideServer)
            return "data: \(path)"
        }
        var parent = path
        while unsafe Glibc.access(parent, F_OK) != 0 {
            guard let slash = parent.lastIndex(of: "/") else {
                parent = "."
                break
            }
            parent = slash == parent.startIndex ? "/" : String(parent[..<slash])
        }
        guard unsafe Glibc.access(parent, W_OK | X_OK) == 0 else {
            throw StartError("data-dir: \(path) cannot be made: \(parent) is not writable")
        }
        return "data: \(path) is not there yet; made at the first start"
    }

    private func repositories() async throws -> String {
        let path = settings.repositoriesDirectory
        do {
            return try await pool.runToEnd(within: Self.diskPatience) { try checkRepositories(at: path) }
        } catch is PoolWorkHangs {
            Logger(label: "git").warning("the repositories' disk does not answer", metadata: ["path": "\(path)"])
            return "repositories: \(path) DOES NOT ANSWER, so pushes will be refused until it does"
        }
    }

    private func checkRepositories(at path: String) throws -> String {
        guard unsafe Glibc.access(path, F_OK) != 0 else {
            var status = stat()
            guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
                throw StartError("repositories-dir: \(path) is not a directory")
            }
            // Whether it can be written to is looked at all the time: clones work without.
            return "repositories: \(path)"
        }
        // Below the data directory it is made at the first start.
        guard path != settings.dataDirectory + "/repositories" else {
            return "repositories: \(path) is not there yet; made with the first push"
        }
        throw StartError("repositories-dir: \(path) does not exist; make it, or mount it")
    }

    private func builds() throws -> String {
        if settings.executor == .kubernetes {
            let cluster = try Cluster.configuration(settings)
            _ = try KubernetesBuildConfiguration.authorities(settings)
            try KubernetesBuildConfiguration.checkArtifactSize(settings)
            return "builds: Jobs in namespace \(settings.kubernetes.namespace) of \(cluster.server); not asked"
        }
        guard settings.executor == .local else { return "builds: none" }
        if settings.local.sandbox == .none, settings.local.network == .none {
            throw StartError(
                "local.network: \"none\" needs the sandbox; set local.sandbox to bubblewrap, or this to on"
            )
        }
        if settings.local.sandbox == .none { return "builds: local, WITHOUT a sandbox" }
        return LocalExecutor.hasBubblewrap
            ? "builds: local, in bubblewrap"
            : "builds: NONE: bubblewrap is missing, so builds will be refused; apt-get install bubblewrap"
    }

    private func podTemplates() async throws -> String? {
        guard settings.executor == .kubernetes, let directory = settings.kubernetes.podTemplates else { return nil }
        if let problem = try await PodTemplates(directory: directory).problems().first {
            throw StartError("kubernetes.pod-templates: \(problem)")
        }
        return "pod templates: \(directory)"
    }

    private func ports() throws -> String {
        try SSHServer.checkPort(addresses: settings.ssh.addresses, port: settings.ssh.port, setting: "ssh.port")
        try SSHServer.checkPort(
            addresses: settings.health.addresses, port: settings.health.port, setting: "health.port")
        if settings.storage.kind == .file, settings.storage.publicURL != nil {
            try SSHServer.checkPort(
                addresses: settings.health.addresses, port: settings.storage.port, setting: "storage.port")
        }
        return "ports: \(settings.ssh.port) and \(settings.health.port) are free"
    }

    private func access() throws -> String {
        let path = settings.accessFile
        if path == settings.dataDirectory + "/access.yaml", unsafe Glibc.access(path, F_OK) != 0 {
            return "access: \(path) is not there yet; made at the first start"
        }
        let rules = try AccessFile.load(path, logger: Logger(label: "access")).rules
        return "access: \(path), users: \(rules.users.count), keys: \(rules.keyCount)"
    }
}
