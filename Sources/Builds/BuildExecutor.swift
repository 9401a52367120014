/// What runs builds: a sandboxed process on this machine, or a job elsewhere.
package protocol BuildExecutor: Sendable {
    /// The name that records and messages use, such as `local`.
    var name: String { get }

    /// What people call it in the middle of a sentence: `the build executor`.
    var title: String { get }

    /// What it can build now.
    var abilities: BuildAbilities { get }

    /// Whether it needs the SHA-256 of a source, because it is fetched by somebody else.
    var wantsSourceDigest: Bool { get }

    /// Checks that a build would run now, without running one.
    ///
    /// - Throws: ``ExecutorUnavailable``.
    func availability() async throws

    /// Runs one build from its source to its artifact.
    ///
    /// Nothing of the build is left running when this returns or throws. Cancelling the calling task ends the
    /// build at once.
    ///
    /// - Parameters:
    ///   - request: What to build.
    ///   - source: Where the tree is.
    ///   - progress: Takes the phases as they start and the build's output as it comes.
    ///   - artifact: Takes what the build leaves, only after the recipe succeeded.
    /// - Returns: How the build ended.
    /// - Throws: ``ExecutorUnavailable`` when nothing of the build has run yet and it may be tried again,
    ///   ``BuildSourceError`` when the tree cannot be unpacked, ``BuildArtifactError`` when what it left cannot be
    ///   stored, `CancellationError`, and what its parameters throw.
    func run(
        _ request: BuildRequest, source: BuildSource, progress: BuildProgress, artifact: BuildArtifactStore
    ) async throws -> BuildResult
}
