import Configuration
import StrictYAML

/// Finds the strongest value of each setting and parses it.
struct SettingsResolver {
    /// Strongest first.
    private var sources: [any SettingSource]
    /// Everything that was asked for, by key.
    private(set) var entries: [String: SettingsEntry] = [:]

    /// - Parameter sources: Strongest first.
    init(sources: [any SettingSource]) {
        self.sources = sources
    }

    /// Adds a source that is weaker than those before; the file is known only after the setting `config` is.
    mutating func append(_ source: any SettingSource) {
        sources.append(source)
    }

    /// Reads one setting.
    ///
    /// - Parameters:
    ///   - setting: The row of the table.
    ///   - derived: The default, when it depends on other settings.
    /// - Returns: A valid value.
    /// - Throws: ``SettingsError`` that names the key as it was written, what came, and what was expected.
    mutating func value<Value>(
        _ setting: Setting<Value>, default derived: String? = nil
    ) throws(SettingsError) -> Value {
        let definition = setting.definition
        let entry =
            find(definition)
            ?? SettingsEntry(
                text: derived ?? definition.defaultText, origin: .builtIn(definition.key))
        entries[definition.key] = entry
        let texts = definition.isList ? Self.items(entry.text) : [entry.text]
        do throws(RejectedValue) {
            return try setting.kind.parse(texts)
        } catch {
            var hint = error.hint
            if case .environment = entry.origin, ServiceLink.isAddress(error.found) { hint = ServiceLink.hint }
            throw SettingsError(
                entry.origin.place,
                "expected \(setting.kind.expected), got \(error.found.quoted)" + (hint.map { "; \($0)" } ?? ""))
        }
    }

    /// How a setting that was asked for is named in an error about it.
    func place(of setting: SettingDefinition) -> String {
        (entries[setting.key]?.origin ?? .builtIn(setting.key)).place
    }

    private func find(_ setting: SettingDefinition) -> SettingsEntry? {
        for source in sources {
            if let origin = source.origin(of: setting), let text = source.reader.string(forKey: setting.configKey) {
                return SettingsEntry(text: text, origin: origin)
            }
        }
        return nil
    }

    /// The items of a list without the spaces around them.
    private static func items(_ text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false).map { item in
            var item = item.drop { $0 == " " }
            while item.last == " " { item.removeLast() }
            return String(item)
        }
    }
}
