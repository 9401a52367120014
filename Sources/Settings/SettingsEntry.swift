/// The value of one setting as it was found, for `slipway check`.
struct SettingsEntry: Sendable, Equatable {
    let text: String
    let origin: SettingOrigin
}
