extension SettingsTable {
    static let buildTimeout = Setting(
        "build.timeout", .duration(.seconds(1)...longest), default: "30m", help: "Longest build.")
    static let buildMaxConcurrent = Setting(
        "build.max-concurrent", .count(0...1_000), default: "0",
        help: "Builds at one time; 0: as many as there are processor cores, and with kubernetes 100.")
    static let buildMaxLogSize = Setting(
        "build.max-log-size", .byteSize(sizes), default: "1GiB", help: "Largest log of one build.")
    static let buildMaxArtifactSize = Setting(
        "build.max-artifact-size", .byteSize(sizes), default: "4GiB", help: "Largest artifact of one build.")

    static let build = SettingGroup(
        title: "Builds",
        settings: [
            buildTimeout.definition, buildMaxConcurrent.definition, buildMaxLogSize.definition,
            buildMaxArtifactSize.definition,
        ])

    static let localSandbox = Setting(
        "local.sandbox", SettingKind<LocalSettings.Sandbox>.choice, default: "bubblewrap",
        help: "What keeps a build from the machine; none trusts everyone who may push.")
    static let localNetwork = Setting(
        "local.network", SettingKind<LocalSettings.Network>.choice, default: "on",
        help: "Whether builds reach the network.")
    static let localMaxProcesses = Setting(
        "local.max-processes", .count(1...1_000_000), default: "1024", help: "Processes and threads of one build.")
    static let localMaxFileSize = Setting(
        "local.max-file-size", .byteSize(sizes), default: "4GiB", help: "Largest file that a build may write.")
    static let localMaxMemory = Setting(
        "local.max-memory", .byteSize(0...sizes.upperBound), default: "0",
        help: "Memory of each process of a build, not of all together; 0: no limit.")
    static let localMaxDisk = Setting(
        "local.max-disk", .byteSize(sizes), default: "16GiB", help: "Disk that one build may use while it runs.")
    static let localReadOnlyPaths = Setting(
        "local.readonly-paths", .absolutePaths, default: "",
        help: "What builds see of the system, read-only; empty: the usual directories.")
    static let localUser = Setting(
        "local.user", .unprivilegedUser, default: "65534", help: "User id of builds when the server is root.")

    static let local = SettingGroup(
        title: "Local executor",
        settings: [
            localSandbox.definition, localNetwork.definition, localMaxProcesses.definition,
            localMaxFileSize.definition, localMaxMemory.definition, localMaxDisk.definition,
            localReadOnlyPaths.definition, localUser.definition,
        ])
}
