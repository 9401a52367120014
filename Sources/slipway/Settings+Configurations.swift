import Builds
import GitRepository
import Glibc
import NIOPosix
import PushPipeline
import SSHServer
import Settings

/// Settings as each module wants them.
extension PushConfiguration {
    /// - Parameters:
    ///   - settings: The settings in force.
    ///   - sshPort: The port that the SSH server listens on, known only once it does.
    ///   - healthPort: The same of the health server.
    init(
        _ settings: Settings, sshPort: @escaping @Sendable () -> UInt16, healthPort: @escaping @Sendable () -> UInt16
    ) {
        self.init(
            deployBranches: settings.deployBranches, builds: settings.executor != .none,
            maximumPackSize: settings.git.maxPackSize, maximumRefs: settings.git.maxRefs,
            idleTimeout: settings.git.idleTimeout, queueTimeout: settings.push.queueTimeout,
            queueLength: settings.push.queueLength, retry: settings.push.retry,
            statusURL: { settings.health.statusURL(host: HostName.current, boundPort: healthPort()) },
            publicURL: { settings.ssh.pushURL(host: HostName.current, boundPort: sshPort()) },
            agent: "slipway/\(Version.current)")
    }
}

extension SSHServerConfiguration {
    /// What remains of the grace period for the end itself, after commands were cancelled.
    private static let reserve: Duration = .seconds(10)

    init(_ settings: Settings) {
        let ssh = settings.ssh
        let forCommands = settings.drain.gracePeriod - settings.drain.delay - Self.reserve
        self.init(
            addresses: ssh.addresses, port: ssh.port,
            algorithms: .init(
                keyExchange: ssh.keyExchange, ciphers: ssh.ciphers, macs: ssh.macs, hostKey: ssh.hostKeyAlgorithms),
            limits: .init(
                maximumConnections: ssh.maxConnections, maximumUnauthenticated: ssh.maxUnauthenticated,
                maximumPerAddress: ssh.maxConnectionsPerAddress),
            loginGraceTime: ssh.loginGraceTime, maximumAuthenticationTries: ssh.maxAuthTries,
            maximumSessions: ssh.maxSessions, keepAliveInterval: ssh.keepAliveInterval,
            keepAliveCount: ssh.keepAliveCount, drainDelay: settings.drain.delay,
            drainTimeout: max(.zero, forCommands))
    }
}

extension RepositoryStore {
    init(_ settings: Settings, pool: NIOThreadPool, git: GitTool) throws {
        let own = settings.dataDirectory + "/repositories"
        try self.init(
            root: settings.repositoriesDirectory, isShared: settings.repositoriesDirectory != own, pool: pool, git: git)
    }
}

extension LocalExecutorConfiguration {
    init(_ settings: Settings, _ data: DataDirectory) throws {
        try self.init(workspace: data.workspaces())
        let local = settings.local
        sandbox = local.sandbox == .none ? .none : .bubblewrap
        network = local.network == .none ? .none : .on
        timeout = settings.build.timeout
        maximumProcesses = UInt64(local.maxProcesses)
        maximumFileSize = UInt64(local.maxFileSize)
        maximumMemory = UInt64(local.maxMemory)
        maximumDisk = local.maxDisk
        maximumLogSize = settings.build.maxLogSize
        maximumArtifactSize = settings.build.maxArtifactSize
        if settings.build.maxConcurrent > 0 { maximumConcurrentBuilds = settings.build.maxConcurrent }
        if !local.readOnlyPaths.isEmpty { readOnlyPaths = local.readOnlyPaths }
        hiddenPaths =
            [data.path, settings.repositoriesDirectory, settings.ssh.hostKeys, settings.accessFile]
            + (settings.config.map { [$0] } ?? [])
            + Self.secrets(of: settings)
        buildUser = BuildUser(uid: local.user, gid: local.user)
    }

    /// Where the server's own credentials for a bucket may be.
    private static func secrets(of settings: Settings) -> [String] {
        let variables = ProcessEnvironment.variables
        let named = [
            "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
        ].compactMap { variables[$0] }
        let home = variables["HOME"].map { [$0 + "/.aws"] } ?? []
        return (named + home + (settings.storage.s3.credentialsDirectory.map { [$0] } ?? [])).filter { path in
            // Hiding what is not there is of no use, and what is not absolute has no place in a sandbox.
            unsafe path.hasPrefix("/") && access(path, F_OK) == 0
        }
    }
}

/// What this machine calls itself.
enum HostName {
    /// The name that `hostname` prints, or `localhost`.
    static var current: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
        let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return bytes.isEmpty ? "localhost" : String(decoding: bytes, as: UTF8.self)
    }
}
