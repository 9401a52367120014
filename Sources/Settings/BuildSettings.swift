/// Limits of builds, whatever runs them.
package struct BuildSettings: Sendable, Equatable {
    package let timeout: Duration
    /// Builds at one time; 0 for as many as there are processor cores.
    package let maxConcurrent: Int
    /// In bytes.
    package let maxLogSize: Int64
    /// In bytes.
    package let maxArtifactSize: Int64

    init(_ resolver: inout SettingsResolver) throws(SettingsError) {
        timeout = try resolver.value(SettingsTable.buildTimeout)
        maxConcurrent = try resolver.value(SettingsTable.buildMaxConcurrent)
        maxLogSize = try resolver.value(SettingsTable.buildMaxLogSize)
        maxArtifactSize = try resolver.value(SettingsTable.buildMaxArtifactSize)
    }
}
