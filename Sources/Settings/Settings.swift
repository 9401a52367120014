import StrictYAML

/// All settings of the server, read once and checked.
///
/// The rows are in ``SettingsTable``; each field here is one of them.
package struct Settings: Sendable {
    /// The settings file that was read; `nil` for none.
    package let config: String?
    /// Where repositories, objects and host keys are kept; not made absolute.
    package let dataDirectory: String
    /// Where the repositories are kept; several servers may share it.
    package let repositoriesDirectory: String
    package let accessFile: String
    package let executor: ExecutorKind
    /// Branches that build, the first to be a repository's default first; never empty.
    package let deployBranches: [String]
    package let storage: StorageSettings
    package let ssh: SSHSettings
    package let health: HealthSettings
    package let git: GitSettings
    package let push: PushSettings
    package let build: BuildSettings
    package let local: LocalSettings
    package let kubernetes: KubernetesSettings
    package let retention: RetentionSettings
    package let drain: DrainSettings
    package let log: LogSettings
    /// Faults on purpose, for drills.
    package let simulate: [SimulatedFault]

    /// What was found for each key.
    let entries: [String: SettingsEntry]

    /// Reads all settings: flags are stronger than the environment, that than the file, that than the defaults.
    ///
    /// - Parameters:
    ///   - arguments: The flags: what follows the program and its subcommand.
    ///   - environment: All variables; those that do not start with `SLIPWAY_` are ignored.
    ///   - readFile: Reads the settings file, if one is named.
    /// - Returns: Settings in which every value is valid and they fit together.
    /// - Throws: ``SettingsError`` for the first mistake, whatever the source.
    package static func load(
        arguments: [String], environment: [String: String], readFile: (String) throws -> String
    ) throws(SettingsError) -> Settings {
        var resolver = SettingsResolver(sources: [try FlagSource(arguments), try EnvironmentSource(environment)])
        let config = try resolver.value(SettingsTable.config)
        if let config {
            let text: String
            do {
                text = try readFile(config)
            } catch {
                let place = resolver.place(of: SettingsTable.config.definition)
                throw SettingsError(place, "the file \(config) cannot be read: \("\(error)".printable)")
            }
            resolver.append(try FileSource(text: text, path: config))
        }
        return try Settings(&resolver, config: config)
    }

    private init(_ resolver: inout SettingsResolver, config: String?) throws(SettingsError) {
        self.config = config
        let dataDirectory = try resolver.value(SettingsTable.dataDirectory)
        self.dataDirectory = dataDirectory
        repositoriesDirectory = try resolver.value(
            SettingsTable.repositoriesDirectory, default: PathText.join(dataDirectory, "repositories"))
        accessFile = try resolver.value(
            SettingsTable.accessFile, default: PathText.join(dataDirectory, "access.yaml"))
        executor = try resolver.value(SettingsTable.executor)
        deployBranches = try resolver.value(SettingsTable.deployBranches)
        storage = try StorageSettings(&resolver)
        ssh = try SSHSettings(&resolver, dataDirectory: dataDirectory)
        health = try HealthSettings(&resolver)
        git = try GitSettings(&resolver)
        push = try PushSettings(&resolver)
        build = try BuildSettings(&resolver)
        local = try LocalSettings(&resolver)
        kubernetes = try KubernetesSettings(&resolver)
        if executor == .kubernetes { try kubernetes.require(resolver, storage: storage, build: build) }
        retention = try RetentionSettings(&resolver)
        drain = try DrainSettings(&resolver)
        log = try LogSettings(&resolver)
        simulate = try resolver.value(SettingsTable.simulate)
        let absent: SimulatedFault.Target? =
            switch executor {
            case .kubernetes: .executor
            case .local: .kubernetes
            // Builds nothing; a drill of either would show nothing.
            case .none: simulate.contains { $0.target == .executor } ? .executor : .kubernetes
            }
        if let absent, simulate.contains(where: { $0.target == absent }) {
            throw SettingsError(
                resolver.place(of: SettingsTable.simulate.definition),
                "expected a target that this server has, got \(absent.rawValue) although executor is \(executor.rawValue)"
            )
        }
        let samePlace =
            ssh.addresses.isEmpty || health.addresses.isEmpty || !Set(ssh.addresses).isDisjoint(with: health.addresses)
        guard ssh.port == 0 || ssh.port != health.port || !samePlace else {
            throw SettingsError(
                resolver.place(of: SettingsTable.healthPort.definition),
                "expected another port than ssh.port, got \(health.port) for both")
        }
        entries = resolver.entries
    }

    /// The settings in force and where each came from, for `slipway check`.
    ///
    /// - Returns: Lines such as `ssh.port = 2222   (SLIPWAY_SSH_PORT)`, in the order of the table.
    package func describe() -> [String] {
        SettingsTable.settings.compactMap { setting in
            entries[setting.key].map { "\(setting.key) = \($0.text)   (\($0.origin.source))" }
        }
    }
}
