package import ObjectStorage

/// What runs builds: a sandboxed process on this machine, or a job elsewhere.
package protocol BuildExecutor: Sendable {
    /// The name that records and messages use, such as `local`.
    var name: String { get }

    /// Whether a Dockerfile can be built with it now.
    var buildsDockerfiles: Bool { get }

    /// Checks that a build would run now, without running one.
    ///
    /// - Throws: ``ExecutorUnavailable``.
    func availability() async throws

    /// Runs one build from its source to its artifact.
    ///
    /// Nothing of the build is left on the machine when this returns or throws. Cancelling the calling task ends the
    /// build at once.
    ///
    /// - Parameters:
    ///   - request: What to build.
    ///   - source: The tar.gz of the tree, opened but not read.
    ///   - progress: Takes the phases as they start and the build's output as it comes.
    ///   - storeArtifact: Called at most once, only after the recipe succeeded and left something; the artifact can be
    ///     read during the call only.
    /// - Returns: How the build ended.
    /// - Throws: ``BuildRefusal`` when it cannot run builds, ``BuildSourceError`` when the tree cannot be unpacked,
    ///   ``BuildArtifactError`` when what it left cannot be stored, `CancellationError`, and what its parameters throw.
    func run(
        _ request: BuildRequest, source: StoredObject, progress: BuildProgress,
        storeArtifact: (BuildArtifact) async throws -> Void
    ) async throws -> BuildResult
}
