/// Settings of the log.
package struct LogSettings: Sendable, Equatable {
    package let level: Level
    package let format: Format

    /// The least that is logged; the names are those of swift-log.
    package enum Level: String, Sendable, CaseIterable {
        case trace, debug, info, notice, warning, error, critical
    }

    /// How a line of the log looks.
    package enum Format: String, Sendable, CaseIterable {
        /// Text on a terminal, JSON otherwise.
        case auto
        case text
        case json
    }

    init(_ resolver: inout SettingsResolver) throws(SettingsError) {
        level = try resolver.value(SettingsTable.logLevel)
        format = try resolver.value(SettingsTable.logFormat)
    }
}
