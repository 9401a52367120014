/// What is known of a setting apart from the type of its value.
package struct SettingDefinition: Sendable, Equatable {
    /// The start of every environment variable of Slipway.
    static let variablePrefix = "SLIPWAY_"

    /// The key in a file and in `slipway check`: lower-case words joined by dots and dashes.
    package let key: String

    /// The value that applies when nobody says otherwise, as it would be written; for people when it is derived.
    package let defaultText: String

    /// One line that says what the setting does.
    package let help: String

    /// What stands for the value in the help, such as `PORT`.
    package let placeholder: String

    /// Whether the value is a list: commas in a flag or variable, and also a YAML list in a file.
    let isList: Bool

    /// The flag: `--ssh-port` for `ssh.port`.
    package var flag: String { "--" + key.replacing(".", with: "-") }

    /// The environment variable: `SLIPWAY_SSH_PORT` for `ssh.port`.
    package var variable: String {
        Self.variablePrefix + key.uppercased().replacing(".", with: "_").replacing("-", with: "_")
    }
}
