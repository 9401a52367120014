/// The only source of truth about settings: which there are, what they are called, what they take, and their defaults.
///
/// Each row makes a flag, a variable, a key in the file, a line of help and one of `slipway check`. The rows are in the
/// extensions, by group; the order here is the order in the help.
package enum SettingsTable {
    /// All settings, by group.
    package static let groups: [SettingGroup] = [
        general, objects, ssh, health, git, push, build, local, kubernetes, retention, drain, log, drills,
    ]

    /// All settings in one list.
    package static let settings: [SettingDefinition] = groups.flatMap(\.settings)

    /// The longest time that any setting takes: nothing here is meant to wait for more than a day.
    static let longest = Duration.seconds(24 * 3600)

    /// Times that cannot be zero without breaking what they limit.
    static let positiveTime = Duration.milliseconds(1)...longest

    /// Sizes from one that a small push could still pass, up to more than a disk here holds.
    static let sizes: ClosedRange<Int64> = (1 << 10)...(64 << 40)
}
