/// One row of ``SettingsTable``: a definition, and how its value is read.
struct Setting<Value: Sendable>: Sendable {
    let definition: SettingDefinition
    let kind: SettingKind<Value>

    /// - Parameters:
    ///   - key: Lower-case words joined by dots and dashes.
    ///   - kind: How the value is read.
    ///   - defaultText: The default as it would be written in a variable.
    ///   - help: One line.
    init(_ key: String, _ kind: SettingKind<Value>, default defaultText: String, help: String) {
        definition = SettingDefinition(
            key: key, defaultText: defaultText, help: help, placeholder: kind.placeholder, isList: kind.isList)
        self.kind = kind
    }
}
