extension SettingsTable {
    static let healthPort = Setting(
        "health.port", .port, default: "8092", help: "Port for HTTP probes; 0 takes any free one.")
    static let healthAddress = Setting(
        "health.address", .addresses, default: "all", help: "IP addresses to listen on for HTTP; all: IPv4 and IPv6.")

    static let healthPublicURL = Setting(
        "health.public-url", .httpURL, default: "",
        help: "Address of the status page for pushers, as https://status.example.com; empty: host name and port.")
    static let healthCrashAfter = Setting(
        "health.crash-after", .duration(.seconds(5)...longest), default: "30s",
        help: "How long the server may stand still before it ends itself, to be restarted.")

    static let health = SettingGroup(
        title: "Health server",
        settings: [
            healthPort.definition, healthAddress.definition, healthPublicURL.definition, healthCrashAfter.definition,
        ])

    static let simulate = Setting(
        "simulate", .faults, default: "",
        help: "Faults on purpose, for drills: storage=down, storage=slow:3s, executor=flaky:0.3.")

    static let drills = SettingGroup(title: "Drills", settings: [simulate.definition])

    static let defaultDrainDelay = Duration.seconds(5)
    static let drainDelay = Setting(
        "drain.delay", .duration(.zero...longest), default: DurationText.format(defaultDrainDelay),
        help: "How long new connections are still accepted after SIGTERM.")
    static let drainGracePeriod = Setting(
        "drain.grace-period", .duration(positiveTime), default: "60s",
        help: "When the process ends after SIGTERM at the latest; at least drain.delay.")

    static let drain = SettingGroup(
        title: "Shutdown", settings: [drainDelay.definition, drainGracePeriod.definition])

    static let logLevel = Setting(
        "log.level", SettingKind<LogSettings.Level>.choice, default: "info", help: "The least that is logged.")
    static let logFormat = Setting(
        "log.format", SettingKind<LogSettings.Format>.choice, default: "auto",
        help: "How it is logged; auto: text on a terminal, else JSON.")

    static let log = SettingGroup(title: "Log", settings: [logLevel.definition, logFormat.definition])
}
