/// What `build.json` says of a build until ``BuildRecord`` takes its place at the end.
///
/// Found while no build of that id runs, it says that the server ended with the build.
package struct RunningBuildRecord: Sendable, Equatable, Codable {
    /// The outcome of a build that has none.
    package static let running = "running"

    package var id: String
    package var app: String
    package var commit: String
    package var ref: String
    package var user: String
    package var executor: String
    package var recipe: BuildRecipe
    /// Always ``running``, where the final record has a ``BuildOutcome``.
    package var outcome = Self.running
    /// ISO 8601 in UTC, with milliseconds.
    package var startedAt: String
}
