/// How the process ends after SIGTERM.
package struct DrainSettings: Sendable, Equatable {
    /// How long new connections are still accepted.
    package let delay: Duration
    /// When the process ends at the latest; at least ``delay``.
    package let gracePeriod: Duration

    init(_ resolver: inout SettingsResolver) throws(SettingsError) {
        gracePeriod = try resolver.value(SettingsTable.drainGracePeriod)
        // Whoever shortens only the grace period shall not be told to shorten the delay.
        delay = try resolver.value(
            SettingsTable.drainDelay, default: DurationText.format(min(SettingsTable.defaultDrainDelay, gracePeriod)))
        guard delay <= gracePeriod else {
            throw SettingsError(
                resolver.place(of: SettingsTable.drainDelay.definition),
                "expected at most drain.grace-period (\(DurationText.format(gracePeriod))), "
                    + "got \(DurationText.format(delay))")
        }
    }
}
