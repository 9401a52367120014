/// What is known about one build, as `build.json` keeps it.
package struct BuildRecord: Sendable, Equatable, Codable {
    package var id: String
    package var app: String
    package var commit: String
    package var ref: String
    package var user: String
    package var executor: String
    package var recipe: BuildRecipe
    package var outcome: BuildOutcome
    package var exitCode: Int32?
    package var reason: String
    /// ISO 8601 in UTC, with milliseconds.
    package var startedAt: String
    /// ISO 8601 in UTC, with milliseconds.
    package var finishedAt: String
    /// Seconds by the name of the phase; a phase that was not reached is missing.
    package var phases: [String: Double]
    package var source: StoredPart?
    package var log: StoredPart?
    package var artifact: StoredPart?
    package var image: BuiltImage?

    /// An object of this build.
    package struct StoredPart: Sendable, Equatable, Codable {
        package var key: String
        /// In bytes.
        package var size: Int64
        /// Of its content, in hex digits; nil where nobody asked, and in records of older versions.
        package var sha256: String?
    }
}
