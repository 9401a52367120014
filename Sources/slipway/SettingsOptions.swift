import ArgumentParser
import Glibc
import Settings

/// The flags that `serve` and `check` share: one for each row of the table of settings.
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
            arguments: arguments, environment: Self.environment(), readFile: { try SettingsFile.read($0) })
    }

    private static func environment() -> [String: String] {
        var variables: [String: String] = [:]
        var next = unsafe environ
        while let entry = unsafe next.pointee {
            let parts = unsafe String(cString: entry).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            unsafe next += 1
        }
        return variables
    }
}
