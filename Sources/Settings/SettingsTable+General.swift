extension SettingsTable {
    static let config = Setting(
        "config", .optionalPath, default: "",
        help: "YAML file with settings: keys as in \"slipway check\", nested or with dots.")
    static let dataDirectory = Setting(
        "data-dir", .path, default: "./slipway-data",
        help: "Where repositories, objects and host keys are kept.")
    static let repositoriesDirectory = Setting(
        "repositories-dir", .path, default: "<data-dir>/repositories",
        help: "Where the repositories are kept; several servers may share it, if each has its own data-dir.")
    static let accessFile = Setting(
        "access-file", .path, default: "<data-dir>/access.yaml",
        help: "Who may push which app; read again when it changes.")
    static let executor = Setting(
        "executor", SettingKind<ExecutorKind>.choice, default: "local",
        help: "What runs builds; none receives and stores without building.")
    static let deployBranches = Setting(
        "deploy-branches", .branches, default: "main,master",
        help: "Branches that build when they are pushed; others are only stored.")

    static let general = SettingGroup(
        title: "General",
        settings: [
            config.definition, dataDirectory.definition, repositoriesDirectory.definition, accessFile.definition,
            executor.definition,
            deployBranches.definition,
        ])
}
