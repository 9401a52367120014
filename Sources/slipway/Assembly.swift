import Access
import BlockingPool
import Builds
import Drills
import GitRepository
import Glibc
import Health
import HealthServer
import Kubernetes
import KubernetesBuilds
import Logging
import NIOPosix
import ObjectStorage
import PrometheusExposition
import PushPipeline
import Retention
import SSHServer
import ServiceLifecycle
import Settings

/// Everything that `slipway serve` runs, put together from the settings; nothing listens yet.
struct Assembly {
    let settings: Settings
    /// In the order of their start; a shutdown goes the other way round, so probes are answered to the end.
    let services: [any Service]
    /// What the server knows of itself.
    let selfWatch: SelfWatch
    private let stores: ObjectStores
    private let cluster: KubernetesClient?

    /// Pushes that may have a git child at one time.
    ///
    /// Above the number of cores, because most of them wait for their clients.
    private static let maximumGitChildren = 32

    /// Reads keys and rules, begins to clean up after a crash, binds the SSH port.
    ///
    /// - Parameters:
    ///   - settings: All settings, checked.
    ///   - metrics: Where metrics are kept, and rendered when Prometheus asks.
    ///   - cluster: The cluster that the settings name, if any.
    /// - Throws: An error of one line that names the setting.
    init(settings: Settings, metrics: PrometheusRegistry, cluster: KubernetesClient?) async throws {
        self.settings = settings
        // Apart, so that unpacking a large tree or a slow disk of the store never keeps refs from being read; and never the
        // singleton, which has as many threads as there are cores.
        let pools = WorkPools()
        // Before anything is made, so that a start that must fail leaves nothing behind.
        _ = try await Preflight(settings: settings, pool: pools.repositories).run()
        let data = try DataDirectory(path: settings.dataDirectory)
        let access = try Self.accessFile(settings)
        let git = try GitTool.locate(maximumChildren: Self.maximumGitChildren)
        let repositories = try RepositoryStore(settings, pool: pools.repositories, git: git)
        let kubernetes = try Self.kubernetes(settings, cluster)
        let local = try Self.local(settings, data, pools.builds)
        let executor: (any BuildExecutor)? = kubernetes ?? local
        let hostKeys = try await Self.hostKeys(settings, cluster)
        let stores = try ObjectStores(settings, directory: data.objects, pools: pools)
        let steps = StartSteps(repositories: repositories, stores: stores, local: local)
        do {
            try await steps.begin()
        } catch {
            // Its connections must be closed, or its end is a crash that hides the cause.
            await stores.shutdown()
            throw error
        }
        let store = stores.store
        let builds = executor.map { BuildService(store: store, executor: $0, logger: Logger(label: "builds")) }

        let monitor = DependencyMonitor(
            checks: Self.checks(
                settings, store: stores.checked, stuckThreads: { pools.storeCheck.stuckThreads }, executor: executor,
                repositories: repositories, access: access, steps: steps),
            logger: Logger(label: "health"))

        let announcement = Announcement(settings: settings, access: access)
        let (sshPort, healthPort) = (BoundPort(settings.ssh.port), BoundPort(settings.health.port))
        let pushes = PushBoard()
        let selfWatch = SelfWatch(settings: settings, data: data) { pushes.pushes.count }
        let configuration = PushConfiguration(
            settings, sshPort: { sshPort.value }, healthPort: { healthPort.value })
        let commands = CommandHandler(
            configuration: configuration, rules: { access.rules }, repositories: repositories, store: store,
            builds: builds,
            gate: PushGate(monitor: monitor, isOn: settings.push.gate == .on), board: pushes,
            logger: Logger(label: "push"))
        let ssh: SSHServer
        do {
            ssh = try SSHServer(
                configuration: SSHServerConfiguration(settings), hostKeys: hostKeys,
                authenticator: Authenticator(file: access, settings: settings),
                handler: PipelineHandler(commands: commands), circuit: selfWatch.circuit, drain: selfWatch.drain,
                heartbeat: selfWatch.acceptor, logger: Logger(label: "ssh"),
                onListening: { port in
                    sshPort.set(port)
                    announcement.make(sshPort: port)
                })
        } catch {
            // Its connections must be closed, or its end is a crash that hides the cause.
            await stores.shutdown()
            throw error
        }
        let slots: @Sendable () -> SlotsReading = { ssh.slots.reading }
        let port = PortWatch(
            target: { selfWatch.circuit.isClosed ? ssh.dialTarget : nil },
            onBound: ssh.ownDials.expect, onEnd: ssh.ownDials.forget, logger: Logger(label: "health"))
        let board = HealthBoard(dependencies: monitor) { selfWatch.inputs(port: port, slots: slots()) }
        MetricsOutput.describe(metrics, board: board)
        // Closed once the probes are answered.
        let healthCircuit = Circuit()
        let health = HealthServer(
            addresses: settings.health.addresses, port: settings.health.port, board: board,
            status: ServerStatus(
                settings: settings, board: board, pushes: pushes, drain: selfWatch.drain, slots: slots,
                pushURL: configuration.publicURL),
            metrics: { metrics.exposition() }, logger: Logger(label: "health"),
            onListening: { port in
                healthPort.set(port)
                healthCircuit.close()
            })
        self.selfWatch = selfWatch
        services =
            [health] + selfWatch.services(port: port)
            + [BackgroundService { await monitor.run() }, BackgroundService { await access.run() }]
            + Self.orphans(kubernetes, stores) + Self.retention(settings, stores) + (stores.server.map { [$0] } ?? [])
            + Self.drills(settings, [selfWatch.circuit, healthCircuit]) + [ssh]
        self.stores = stores
        self.cluster = cluster
    }

    /// Closes what the services used, once they have ended.
    func shutdown() async {
        await stores.shutdown()
        await cluster?.shutdown()
    }

    private static func hostKeys(_ settings: Settings, _ cluster: KubernetesClient?) async throws -> HostKeys {
        let logger = Logger(label: "ssh")
        guard let name = settings.ssh.hostKeysSecret, let cluster else {
            return try HostKeys.load(orCreateIn: settings.ssh.hostKeys, logger: logger)
        }
        let namespace = settings.kubernetes.podNamespace ?? cluster.configuration.namespace
        let secret = HostKeysSecret(
            client: cluster, namespace: namespace, name: name, directory: settings.ssh.hostKeys, logger: logger)
        return try await SlowStart.told("reading the host keys from their Secret", logger) { try await secret.load() }
    }

    /// What pushes need that is not this process itself.
    private static func checks(
        _ settings: Settings, store: any ObjectStore, stuckThreads: @escaping @Sendable () -> Int,
        executor: (any BuildExecutor)?, repositories: RepositoryStore, access: AccessFile,
        steps: StartSteps
    ) -> [any HealthCheck] {
        var checks: [any HealthCheck] = [
            ObjectStoreCheck(store: store, isNeededByPush: executor != nil, stuckThreads: stuckThreads)
        ]
        if let executor {
            let name = settings.executor == .kubernetes ? "kubernetes" : "executor"
            let check = ExecutorCheck(name: name, executor: executor)
            checks.append(steps.builds.map { CheckAfterStart(check, after: $0) } ?? check)
        }
        checks +=
            [
                CheckAfterStart(RepositoriesCheck(repositories: repositories), after: steps.repositories),
                AccessCheck(file: access),
            ] as [any HealthCheck]
        return checks.map(settings.withFaults)
    }

    private static func retention(_ settings: Settings, _ stores: ObjectStores) -> [any Service] {
        guard settings.retention.interval > .zero else { return [] }
        let logger = Logger(label: "retention")
        let policy = RetentionPolicy(settings)
        let sweeper = RetentionSweeper(
            store: stores.store, policy: policy, retry: .inBackground, pause: RetentionSweeper.politePause,
            logger: logger)
        let service = RetentionService(sweeper: sweeper, interval: settings.retention.interval, logger: logger)
        let uploads = StaleUploads(
            stores: stores, age: policy.abandonedAfter, interval: settings.retention.interval, logger: logger)
        return [BackgroundService { await service.run() }, BackgroundService { await uploads.run() }]
    }

    private static func drills(_ settings: Settings, _ circuits: [Circuit]) -> [any Service] {
        guard !settings.simulate.isEmpty else { return [] }
        return [
            DrillService(
                faults: settings.simulate.map(\.description), blows: settings.blows, circuits: circuits,
                logger: Logger(label: "drill"))
        ]
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

    private static func kubernetes(
        _ settings: Settings, _ cluster: KubernetesClient?
    ) throws -> KubernetesExecutor? {
        guard settings.executor == .kubernetes, let cluster else { return nil }
        let configuration = try KubernetesBuildConfiguration(settings, cluster: cluster.configuration)
        let logger = Logger(label: "builds")
        if settings.storage.kind == .s3, settings.build.exceedsOneUpload {
            logger.warning(
                "builds store their artifact with one request: does the store take more than 5 GiB in one?",
                metadata: ["build.max-artifact-size": "\(settings.build.maxArtifactSize)"])
        }
        return KubernetesExecutor(configuration: configuration, client: cluster, logger: logger)
    }

    /// Ends the builds of servers that are no more, this one's last start among them.
    private static func orphans(_ executor: KubernetesExecutor?, _ stores: ObjectStores) -> [any Service] {
        guard let executor else { return [] }
        let store = stores.store
        let orphans = OrphanedJobs(executor: executor, logger: Logger(label: "builds")) { record in
            try await AbandonedBuild.close(record, in: store)
        }
        return [BackgroundService { await orphans.run() }]
    }

    private static func local(
        _ settings: Settings, _ data: DataDirectory, _ pool: NIOThreadPool
    ) throws -> LocalExecutor? {
        guard settings.executor == .local else { return nil }
        let logger = Logger(label: "builds")
        let configuration = try LocalExecutorConfiguration(settings, data)
        let executor = LocalExecutor(configuration: configuration, pool: pool, logger: logger)
        if settings.local.sandbox == .none {
            logger.warning("builds run without a sandbox: whoever may push has this server's account")
        }
        return executor
    }
}
