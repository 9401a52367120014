/// Limits of builds, whatever runs them.
package struct BuildSettings: Sendable, Equatable {
    /// Bytes that Amazon's S3 takes in one PUT ("Amazon S3 objects": 5 GiB): pods store their artifact with one.
    ///
    /// Other stores have limits of their own.
    private static let largestUpload: Int64 = 5 << 30

    package let timeout: Duration
    /// Builds at one time; 0 for as many as there are processor cores.
    package let maxConcurrent: Int
    /// In bytes.
    package let maxLogSize: Int64
    /// In bytes.
    package let maxArtifactSize: Int64

    /// Whether artifacts may be larger than Amazon's S3 takes from a pod.
    package var exceedsOneUpload: Bool { maxArtifactSize > Self.largestUpload }

    init(_ resolver: inout SettingsResolver) throws(SettingsError) {
        timeout = try resolver.value(SettingsTable.buildTimeout)
        maxConcurrent = try resolver.value(SettingsTable.buildMaxConcurrent)
        maxLogSize = try resolver.value(SettingsTable.buildMaxLogSize)
        maxArtifactSize = try resolver.value(SettingsTable.buildMaxArtifactSize)
    }
}
