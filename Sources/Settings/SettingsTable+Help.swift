extension SettingsTable {
    /// The settings for `slipway serve --help`: flag, variable, default and meaning, by group.
    package static var help: String {
        let introduction = """
            Settings, strongest first: flag, environment variable, file (--config or SLIPWAY_CONFIG), default.
            Times: 500ms, 20s, 30m, 1h. Sizes: bytes, or 64KiB, 512MiB, 2GiB. Lists: separated by commas.

            """
        return introduction + groups.map(help).joined()
    }

    private static func help(_ group: SettingGroup) -> String {
        let rows = group.settings.map { setting in
            let value = setting.defaultText.isEmpty ? "" : "  (default: \(shown(setting.defaultText)))"
            return """
                  \(setting.flag) \(setting.placeholder)
                      \(setting.help)
                      \(setting.variable)\(value)

                """
        }
        return "\n\(group.title):\n" + rows.joined()
    }

    /// Long lists go on one line each, under the variable.
    private static func shown(_ text: String) -> String {
        let longest = 60
        guard text.count > longest else { return text }
        return text.replacing(",", with: ",\n          ")
    }
}
