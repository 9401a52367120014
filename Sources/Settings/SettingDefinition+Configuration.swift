import Configuration

extension SettingDefinition {
    /// The key for a `ConfigReader`.
    var configKey: ConfigKey {
        ConfigKey(key.split(separator: ".").map(String.init))
    }

    /// A value for an `InMemoryProvider`: always text, so that parsing is ours and strict.
    ///
    /// - Parameter text: The value as written; a list is one text with commas, as in a variable.
    /// - Returns: The same text; none of the settings is a secret.
    func configValue(_ text: String) -> ConfigValue {
        ConfigValue(.string(text), isSecret: false)
    }
}
