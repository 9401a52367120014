import Configuration

/// One place where settings come from.
protocol SettingSource: Sendable {
    /// Finds the text of a setting.
    var reader: ConfigReader { get }

    /// Where the setting was written here; `nil` when it was not.
    func origin(of setting: SettingDefinition) -> SettingOrigin?
}
