import Builds
import ObjectStorage

/// Runs a function in place of a build.
struct ScriptedExecutor: BuildExecutor {
    let name = "scripted"
    let title = "the script"
    let abilities = BuildAbilities(dockerfiles: .no(remedy: ""))
    let wantsSourceDigest = false
    let body: @Sendable (BuildProgress) async throws -> Void

    func availability() async throws {}

    func run(
        _ request: BuildRequest, source: BuildSource, progress: BuildProgress, artifact: BuildArtifactStore
    ) async throws -> BuildResult {
        try await body(progress)
        return BuildResult(outcome: .succeeded, exitCode: 0, reason: "done")
    }
}
