import Configuration
import StrictYAML

/// Flattens the maps of a settings file: `ssh: {port: 2222}` and `ssh.port: 2222` are the same.
struct FileValues {
    private(set) var values: [AbsoluteConfigKey: ConfigValue] = [:]
    private(set) var lines: [String: Int] = [:]
    private let path: String
    private let known = Dictionary(uniqueKeysWithValues: SettingsTable.settings.map { ($0.key, $0) })

    init(path: String) { self.path = path }

    /// Adds the document; an empty one has no settings.
    mutating func add(_ root: YAMLNode) throws(SettingsError) {
        switch root.value {
        case .null: return
        case .map(let entries): try add(entries, prefix: "")
        case .scalar, .list:
            throw SettingsError(
                "\(path):\(root.line)", "expected settings such as \"ssh.port: 2222\", got \(root.kindName)")
        }
    }

    private mutating func add(_ entries: [YAMLEntry], prefix: String) throws(SettingsError) {
        for entry in entries {
            let key = prefix + entry.key
            if let setting = known[key] {
                try add(setting, entry)
            } else if isGroup(key) {
                switch entry.value.value {
                case .null: continue
                case .map(let inner): try add(inner, prefix: key + ".")
                case .scalar, .list:
                    throw problem(entry, "\(key): expected a map of settings, got \(entry.value.kindName)")
                }
            } else {
                throw unknown(entry, key: key)
            }
        }
    }

    private mutating func add(_ setting: SettingDefinition, _ entry: YAMLEntry) throws(SettingsError) {
        guard setting != SettingsTable.config.definition else {
            throw problem(entry, "config: a settings file cannot name another; use --config or SLIPWAY_CONFIG")
        }
        guard lines.updateValue(entry.line, forKey: setting.key) == nil else {
            throw problem(entry, "\(setting.key): the setting is there twice; write it once")
        }
        values[AbsoluteConfigKey(setting.configKey)] = setting.configValue(try text(setting, entry))
    }

    /// The value as it would be in a variable: a list is joined with commas.
    private func text(_ setting: SettingDefinition, _ entry: YAMLEntry) throws(SettingsError) -> String {
        let expected = "\(setting.key): expected \(setting.isList ? "a list or a single value" : "a single value")"
        switch entry.value.value {
        case .scalar(let text):
            return text
        case .list(let items) where setting.isList:
            var texts: [String] = []
            for item in items {
                guard case .scalar(let text) = item.value, !text.contains(",") else {
                    throw SettingsError(
                        "\(path):\(item.line)", "\(setting.key): expected a list of texts without commas")
                }
                texts.append(text)
            }
            return texts.joined(separator: ",")
        case .null, .list, .map:
            throw problem(entry, "\(expected), got \(entry.value.kindName)")
        }
    }

    private func isGroup(_ key: String) -> Bool {
        known.keys.contains { $0.hasPrefix(key + ".") }
    }

    private func problem(_ entry: YAMLEntry, _ text: String) -> SettingsError {
        SettingsError("\(path):\(entry.line)", text)
    }

    private func unknown(_ entry: YAMLEntry, key: String) -> SettingsError {
        let groups = Set(known.keys.compactMap { $0.contains(".") ? $0.prefix { $0 != "." }.description : nil })
        let hint = Suggestion.nearest(to: key, among: known.keys.sorted() + groups.sorted())
        let advice = hint.map { "did you mean \($0.quoted)?" } ?? "see slipway serve --help"
        return problem(entry, "unknown key \(key.quoted); \(advice)")
    }
}
