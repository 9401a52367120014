import Archive
import Identifiers
package import Logging
package import NIOPosix
import ObjectStorage
import Synchronization
import SystemCalls

/// Runs builds as sandboxed processes on this machine.
package struct LocalExecutor: BuildExecutor {
    package let name = "local"
    package let title = "the build executor"
    let configuration: LocalExecutorConfiguration
    let sandbox: LocalSandbox
    let workspace: BuildWorkspace
    let slots: BuildSlots
    let pool: NIOThreadPool

    /// Makes an executor; it touches nothing before its first build or ``prepare()``.
    ///
    /// - Parameters:
    ///   - configuration: How builds run and what they may use.
    ///   - pool: Where file operations block.
    ///   - logger: Told of what concerns operators only.
    package init(
        configuration: LocalExecutorConfiguration, pool: NIOThreadPool = .singleton,
        logger: Logger = Logger(label: "builds")
    ) {
        self.configuration = configuration
        sandbox = LocalSandbox(configuration: configuration)
        workspace = BuildWorkspace(
            path: configuration.workspace, owner: configuration.changesUser, pool: pool, logger: logger)
        slots = BuildSlots(limit: configuration.maximumConcurrentBuilds)
        self.pool = pool
    }

    /// Removes what builds left that a crash interrupted.
    ///
    /// To be called when the server starts, before any build.
    ///
    /// - Throws: An error that names the path and what is wrong with it.
    package func prepare() async throws { try await workspace.prepare() }

    package func availability() async throws {
        do {
            try await workspace.requireRoom(configuration.minimumFreeSpace)
            try await sandbox.availability(workspace: workspace)
        } catch {
            throw Self.unavailability(error) ?? error
        }
    }

    /// What keeps builds from running here; nil for any other error.
    private static func unavailability(_ error: any Error) -> ExecutorUnavailable? {
        switch error {
        case let error as DiskShortage:
            let detail = """
                \(error.shortage); a build starts only with \(ByteCount.words(error.minimum)) and \
                \(FileSystemSpace.minimumFreePercent) % free
                """
            return ExecutorUnavailable(cause: "its disk has too little room", detail: detail)
        case let error as DescriptorShortage:
            return ExecutorUnavailable(cause: "\(error)", detail: "see ulimit -n, LimitNOFILE and open connections")
        case let error as BuildDirectoryError where error.isDescriptorShortage:
            return unavailability(DescriptorShortage())
        case let error as LocalSandboxError:
            return ExecutorUnavailable(cause: error.cause, detail: "\(error)", mayPass: error.mayPass)
        case let error as BuildDirectoryError:
            return ExecutorUnavailable(cause: "its folder for builds cannot be used", detail: "\(error)")
        case ArchiveError.noSpace:
            return ExecutorUnavailable(cause: "its disk has too little room", detail: "\(error)")
        case is ArchiveError, is SystemCallError:
            return ExecutorUnavailable(cause: "its folder for builds cannot be used", detail: "\(error)")
        case is TimeLimitError:
            return ExecutorUnavailable(cause: "its sandbox does not answer", detail: "the probe did not end")
        default: return nil
        }
    }

    package var abilities: BuildAbilities {
        BuildAbilities(
            dockerfiles: Self.hasBuildah
                ? .yes : .no(remedy: "buildah is not installed on this server (apt-get install buildah)"))
    }

    package var wantsSourceDigest: Bool { false }

    /// Whether bubblewrap is installed; whether it works is for ``availability()`` to say.
    package static var hasBubblewrap: Bool { HostPath.tool("bwrap") != nil }

    /// Whether buildah and what it needs are installed.
    static var hasBuildah: Bool { HostPath.tool("buildah") != nil && HostPath.tool("unshare") != nil }

    package func run(
        _ request: BuildRequest, source: BuildSource, progress: BuildProgress, artifact: BuildArtifactStore
    ) async throws -> BuildResult {
        try await slots.withSlot { ahead in
            progress.begin("waiting for a turn to build")
            let place = ahead == 0 ? "it is next" : "\(ahead) wait before it"
            try await progress.note("Waiting: as many builds run as this server allows (\(slots.limit)); \(place)")
        } body: {
            progress.begin("building")
            try await availability()
            do {
                return try await workspace.withDirectory(request.id) { directory in
                    try await build(request, source, in: directory, progress, artifact)
                }
            } catch let error as BuildDirectoryError {
                // It names places on the host, which are the operator's business.
                workspace.logger.error(
                    "builds cannot use the workspace", metadata: ["push": "\(request.id)", "error": "\(error)"])
                throw Self.unavailability(error) ?? error
            }
        }
    }

    private func build(
        _ request: BuildRequest, _ source: BuildSource, in directory: BuildDirectory, _ progress: BuildProgress,
        _ artifact: BuildArtifactStore
    ) async throws -> BuildResult {
        let disk: DiskWatch
        do {
            disk = try await DiskWatch(directory, limit: configuration.maximumDisk, pool: pool)
        } catch {
            throw Self.unavailability(error) ?? error
        }
        try await progress.phase(.unpack, heading: "Unpacking the source") {
            try await unpack(source, into: directory)
        }
        let result = try await progress.phase(.build, heading: request.recipe.heading) {
            try await runRecipe(of: request, in: directory, disk, progress)
        }
        guard result.outcome == .succeeded else { return result }
        try await collect(from: directory, progress, artifact)
        return result
    }

    private func unpack(_ source: BuildSource, into directory: BuildDirectory) async throws {
        do {
            try await source.read { opened in
                // What a try before this one left.
                try await pool.runIfActive { try DirectoryTree.empty(directory.source) }
                try await extract(opened, into: directory)
            }
        } catch {
            throw BuildSourceError(error) ?? Self.unavailability(error) ?? error
        }
        try await workspace.handOver(directory)
    }

    private func extract(_ source: StoredObject, into directory: BuildDirectory) async throws {
        let unpacker = try await pool.runIfActive {
            try SourceUnpacker(into: directory.source, limits: configuration.sourceLimits)
        }
        for try await chunk in source.body { try await pool.runIfActive { try unpacker.append(chunk) } }
        try await pool.runIfActive { try unpacker.finish() }
    }

    private func runRecipe(
        of request: BuildRequest, in directory: BuildDirectory, _ disk: DiskWatch, _ progress: BuildProgress
    ) async throws -> BuildResult {
        let identity = sandbox.identity(for: request.recipe)
        guard let words = request.recipe.words(in: directory, as: identity) else {
            throw ExecutorUnavailable(
                cause: "it has no buildpacks", detail: "the local executor was asked for them", mayPass: false)
        }
        let command = try sandbox.command(
            words, environment: environment(of: request, in: directory),
            in: directory, marker: request.id, as: identity)
        let process = BuildProcess(
            command: command, timeout: configuration.timeout, maximumLogSize: configuration.maximumLogSize,
            disk: disk)
        return try await process.run(output: progress).result(of: request.recipe.program, configuration)
    }

    private func environment(of request: BuildRequest, in directory: BuildDirectory) -> [String: String] {
        [
            "PATH": configuration.searchPath, "HOME": directory.home, "TMPDIR": directory.temporary,
            "LANG": "C.UTF-8", "TERM": "dumb", "CI": "true",
            "SLIPWAY_APP": request.app.rawValue, "SLIPWAY_COMMIT": request.commit, "SLIPWAY_REF": request.ref,
            "SLIPWAY_BUILD_ID": request.id, "SLIPWAY_OUTPUT": directory.output, "SLIPWAY_SOURCE": directory.source,
        ]
    }

    private func collect(
        from directory: BuildDirectory, _ progress: BuildProgress, _ artifact: BuildArtifactStore
    ) async throws {
        let output = OutputDirectory(path: directory.output, maximumSize: configuration.maximumArtifactSize, pool: pool)
        guard try await output.hasEntries() else {
            try await progress.note("The build left nothing in $SLIPWAY_OUTPUT, so there is no artifact")
            return
        }
        try await progress.phase(.artifact, heading: "Storing the artifact") {
            try await artifact.put(BuildArtifact { writer in try await output.write(to: writer) })
        }
    }
}
