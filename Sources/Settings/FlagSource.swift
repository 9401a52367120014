import Configuration
import StrictYAML

/// The flags of a command line: `--ssh-port 2222` or `--ssh-port=2222`.
struct FlagSource: SettingSource {
    let reader: ConfigReader
    /// Which settings were given.
    private let keys: Set<String>

    /// Reads all arguments.
    ///
    /// - Parameter arguments: What follows the program and its subcommand.
    /// - Throws: ``SettingsError`` for anything that is not a known flag, once, with a value.
    init(_ arguments: [String]) throws(SettingsError) {
        let byFlag = Dictionary(uniqueKeysWithValues: SettingsTable.settings.map { ($0.flag, $0) })
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        var keys: Set<String> = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let flag = String(parts[0])
            guard let setting = byFlag[flag] else { throw Self.unknown(argument, flag: flag) }
            guard keys.insert(setting.key).inserted else {
                throw SettingsError(flag, "the flag is given twice; give it once")
            }
            let value: String
            if parts.count > 1 {
                value = String(parts[1])
            } else if let next = rest.first, !next.hasPrefix("--") {
                value = next
                rest.removeFirst()
            } else {
                throw SettingsError(flag, "a value is missing; expected \(flag) \(setting.placeholder)")
            }
            values[AbsoluteConfigKey(setting.configKey)] = setting.configValue(value)
        }
        reader = ConfigReader(provider: InMemoryProvider(name: "flags", values: values))
        self.keys = keys
    }

    func origin(of setting: SettingDefinition) -> SettingOrigin? {
        keys.contains(setting.key) ? .flag(setting.flag) : nil
    }

    private static func unknown(_ argument: String, flag: String) -> SettingsError {
        guard flag.hasPrefix("--"), flag.count > 2 else {
            return SettingsError(argument.quoted, "this is not a flag; expected flags such as --ssh-port 2222")
        }
        let hint = Suggestion.nearest(to: flag, among: SettingsTable.settings.map(\.flag))
        return SettingsError(
            flag.printable, "unknown flag; " + (hint.map { "did you mean \($0)?" } ?? "see slipway serve --help"))
    }
}
