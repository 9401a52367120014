import ArgumentParser
import Settings

/// The flags that all subcommands share: one for each row of the table of settings.
struct SettingsOptions: ParsableArguments {
    @Argument(
        parsing: .allUnrecognized,
        help: ArgumentHelp("Settings, as listed below.", valueName: "--setting value"))
    var arguments: [String] = []

    /// Reads the settings from flags, environment and file.
    ///
    /// - Throws: `SettingsError`, one line that names the key.
    func load() throws -> Settings {
        try Settings.load(
            arguments: arguments, environment: ProcessEnvironment.variables, readFile: { try SettingsFile.read($0) })
    }
}
