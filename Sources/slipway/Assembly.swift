import Access
import Builds
import GitRepository
import Glibc
import Health
import HealthServer
import Logging
import NIOPosix
import ObjectStorage
import PushPipeline
import SSHServer
import ServiceLifecycle
import Settings

/// Everything that `slipway serve` runs, put together from the settings; nothing listens yet.
struct Assembly {
    let settings: Settings
    /// In the order of their start; a shutdown goes the other way round, so probes are answered to the end.
    let services: [any Service]

    /// Pushes that may have a git child at one time.
    ///
    /// Above the number of cores, because most of them wait for their clients.
    private static let maximumGitChildren = 32

    /// Reads keys and rules, cleans up after a crash, binds the SSH port.
    ///
    /// - Throws: An error of one line that names the setting.
    init(settings: Settings) async throws {
        self.settings = settings
        // First, so that a start that must fail leaves nothing behind.
        _ = try await Preflight(settings: settings).run()
        let data = try DataDirectory(path: settings.dataDirectory)
        // Apart, so that unpacking a large tree or a slow disk of the store never keeps refs from being read; and never the
        // singleton, which has as many threads as there are cores.
        let pools = WorkPools()
        let access = try Self.accessFile(settings)
        let git = try GitTool.locate(maximumChildren: Self.maximumGitChildren)
        let repositories = try RepositoryStore(root: data.repositories, pool: pools.repositories, git: git)
        try await repositories.removeStaleQuarantines()
        let store = try FileObjectStore(root: data.objects, pool: pools.store)
        let builds = try await Self.builds(settings, data, store, pools.builds)
        let hostKeys = try HostKeys.load(orCreateIn: settings.ssh.hostKeys, logger: Logger(label: "ssh"))

        let announcement = Announcement(settings: settings, access: access)
        let circuit = Circuit()
        let boundPort = BoundPort(settings.ssh.port)
        let commands = CommandHandler(
            configuration: PushConfiguration(settings, boundPort: { boundPort.value }), rules: { access.rules },
            repositories: repositories,
            store: store,
            builds: builds, logger: Logger(label: "push"))
        let ssh = try SSHServer(
            configuration: SSHServerConfiguration(settings), hostKeys: hostKeys, authenticator: access,
            handler: PipelineHandler(commands: commands), circuit: circuit, logger: Logger(label: "ssh"),
            onListening: { port in
                boundPort.set(port)
                announcement.make(sshPort: port)
            })
        let health = HealthServer(
            addresses: settings.health.addresses, port: settings.health.port, circuit: circuit,
            logger: Logger(label: "health"))
        services = [health, AccessFileService(file: access), ssh]
    }

    /// The access rules; the file is made on the first start where nobody named one.
    private static func accessFile(_ settings: Settings) throws -> AccessFile {
        let logger = Logger(label: "access")
        if settings.accessFile == settings.dataDirectory + "/access.yaml",
            try AccessFile.makeTemplate(at: settings.accessFile)
        {
            logger.notice("access file made", metadata: ["path": "\(settings.accessFile)"])
        }
        return try AccessFile.load(settings.accessFile, logger: logger)
    }

    private static func builds(
        _ settings: Settings, _ data: DataDirectory, _ store: FileObjectStore, _ pool: NIOThreadPool
    ) async throws -> BuildService? {
        guard settings.executor == .local else { return nil }
        let logger = Logger(label: "builds")
        let configuration = try LocalExecutorConfiguration(settings, data)
        let executor = LocalExecutor(configuration: configuration, pool: pool, logger: logger)
        if settings.local.sandbox == .none {
            logger.warning("builds run without a sandbox: whoever may push has this server's account")
        }
        try await executor.prepare()
        do {
            try await executor.availability()
        } catch {
            // Pushes are told, and the server stays up: clones work, and the operator can install what is missing.
            logger.error("builds do not work here", metadata: ["reason": "\(error)"])
        }
        return BuildService(store: store, executor: executor, logger: logger)
    }
}
