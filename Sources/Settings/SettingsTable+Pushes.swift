extension SettingsTable {
    static let gitMaxPackSize = Setting(
        "git.max-pack-size", .byteSize(sizes), default: "2GiB", help: "Largest pack in one push.")
    // The parser of the conversation takes no more than 10,000 commands.
    static let gitMaxRefs = Setting(
        "git.max-refs", .count(1...10_000), default: "10000", help: "Most refs in one push.")
    static let gitIdleTimeout = Setting(
        "git.idle-timeout", .duration(positiveTime), default: "2m",
        help: "Silence of a client that is sending, after which its push ends.")

    static let git = SettingGroup(
        title: "Git",
        settings: [gitMaxPackSize.definition, gitMaxRefs.definition, gitIdleTimeout.definition])

    static let pushQueueTimeout = Setting(
        "push.queue-timeout", .duration(positiveTime), default: "10m",
        help: "How long a push waits for another push to the same app.")
    static let pushQueueLength = Setting(
        "push.queue-length", .count(0...1_000), default: "20",
        help: "Pushes that may wait for one app; 0 refuses at once.")

    static let pushGate = Setting(
        "push.gate", SettingKind<PushSettings.Gate>.choice, default: "on",
        help: "Whether a push is refused before its upload when something that it needs is down.")
    static let pushRetry = Setting(
        "push.retry", .duration(.zero...longest), default: "20s",
        help: "How long a push tries again when something that it needs fails during it.")

    static let push = SettingGroup(
        title: "Pushes",
        settings: [
            pushGate.definition, pushQueueTimeout.definition, pushQueueLength.definition, pushRetry.definition,
        ])
}
