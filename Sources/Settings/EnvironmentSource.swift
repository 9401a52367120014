import Configuration
import StrictYAML

/// The environment variables that start with `SLIPWAY_`.
struct EnvironmentSource: SettingSource {
    let reader: ConfigReader
    /// Which variables are set.
    private let names: Set<String>

    /// - Throws: ``SettingsError`` for a variable of that name that is not known.
    init(_ environment: [String: String]) throws(SettingsError) {
        let known = Set(SettingsTable.settings.map(\.variable))
        var ours: [String: String] = [:]
        // Sorted so that of several mistakes the same one is always named.
        for (name, value) in environment.sorted(by: { $0.key < $1.key })
        where name.hasPrefix(SettingDefinition.variablePrefix) {
            if known.contains(name) {
                ours[name] = value
            } else if !ServiceLink.isServiceLink(name: name, value: value) {
                throw Self.unknown(name)
            }
        }
        let provider = EnvironmentVariablesProvider(environmentVariables: ours).prefixKeys(with: "slipway")
        reader = ConfigReader(provider: provider)
        names = Set(ours.keys)
    }

    func origin(of setting: SettingDefinition) -> SettingOrigin? {
        names.contains(setting.variable) ? .environment(setting.variable) : nil
    }

    private static func unknown(_ name: String) -> SettingsError {
        let hint = Suggestion.nearest(to: name, among: SettingsTable.settings.map(\.variable))
        return SettingsError(
            name.printable, "unknown variable; " + (hint.map { "did you mean \($0)?" } ?? "see slipway serve --help"))
    }
}
