/// What `build.json` says of a build until ``BuildRecord`` takes its place at the end.
///
/// Found while no build of that id runs, it says that the server ended with the build.
package struct RunningBuildRecord: Sendable, Equatable, Codable {
    package var id: String
    package var app: String
    package var commit: String
    package var ref: String
    package var user: String
    package var executor: String
    package var recipe: BuildRecipe
    /// Always `running`, where the final record has a ``BuildOutcome``.
    package var outcome = "running"
    /// ISO 8601 in UTC, with milliseconds.
    package var startedAt: String
}
