/// Settings that stand together in the help.
package struct SettingGroup: Sendable {
    package let title: String
    package let settings: [SettingDefinition]
}
