import Archive
import Identifiers
package import Logging
package import NIOPosix
package import ObjectStorage
import Synchronization

/// Runs builds as sandboxed processes on this machine.
package struct LocalExecutor: BuildExecutor {
    package let name = "local"
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
        } catch let error as DiskShortage {
            throw ExecutorUnavailable(cause: "its disk has too little room", detail: error.shortage)
        } catch let error as LocalSandboxError {
            throw ExecutorUnavailable(cause: error.cause, detail: "\(error)")
        } catch let error as BuildDirectoryError {
            throw ExecutorUnavailable(cause: "its folder for builds cannot be used", detail: "\(error)")
        } catch is TimeLimitError {
            throw ExecutorUnavailable(cause: "its sandbox does not answer", detail: "the probe did not end")
        }
    }

    package var buildsDockerfiles: Bool { Self.hasBuildah }

    /// Whether bubblewrap is installed; whether it works is for ``availability()`` to say.
    package static var hasBubblewrap: Bool { HostPath.tool("bwrap") != nil }

    /// Whether buildah and what it needs are installed.
    static var hasBuildah: Bool { HostPath.tool("buildah") != nil && HostPath.tool("unshare") != nil }

    package func run(
        _ request: BuildRequest, source: StoredObject, progress: BuildProgress,
        storeArtifact: (BuildArtifact) async throws -> Void
    ) async throws -> BuildResult {
        try await slots.withSlot { ahead in
            let place = ahead == 0 ? "it is next" : "\(ahead) wait before it"
            try await progress.note("Waiting: as many builds run as this server allows (\(slots.limit)); \(place)")
        } body: {
            do {
                try await workspace.requireRoom(configuration.minimumFreeSpace)
                try await sandbox.availability(workspace: workspace)
                return try await workspace.withDirectory(request.id) { directory in
                    try await build(request, source, in: directory, progress, storeArtifact)
                }
            } catch let error as DiskShortage {
                throw error.refusal
            } catch let error as LocalSandboxError {
                // What to install or set, and where, is for the operator.
                workspace.logger.error(
                    "builds cannot run", metadata: ["push": "\(request.id)", "error": "\(error)"])
                throw BuildRefusal(reason: "\(error.cause); the operator finds why in the server's log")
            } catch let error as BuildDirectoryError {
                // It names places on the host, which are the operator's business.
                workspace.logger.error(
                    "builds cannot use the workspace", metadata: ["push": "\(request.id)", "error": "\(error)"])
                throw BuildRefusal(reason: "the server's workspace cannot be used; the operator finds why in its log")
            }
        }
    }

    private func build(
        _ request: BuildRequest, _ source: StoredObject, in directory: BuildDirectory, _ progress: BuildProgress,
        _ storeArtifact: (BuildArtifact) async throws -> Void
    ) async throws -> BuildResult {
        let disk = try await DiskWatch(directory, limit: configuration.maximumDisk, pool: pool)
        try await progress.phase(.unpack, heading: "Unpacking the source") {
            try await unpack(source, into: directory)
        }
        let result = try await progress.phase(.build, heading: request.recipe.heading) {
            try await runRecipe(of: request, in: directory, disk, progress)
        }
        guard result.outcome == .succeeded else { return result }
        try await collect(from: directory, progress, storeArtifact)
        return result
    }

    private func unpack(_ source: StoredObject, into directory: BuildDirectory) async throws {
        do {
            try await extract(source, into: directory)
        } catch {
            throw BuildSourceError(error) ?? error
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
        let command = try sandbox.command(
            request.recipe.words(in: directory, as: identity), environment: environment(of: request, in: directory),
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
        from directory: BuildDirectory, _ progress: BuildProgress,
        _ storeArtifact: (BuildArtifact) async throws -> Void
    ) async throws {
        let output = OutputDirectory(path: directory.output, maximumSize: configuration.maximumArtifactSize, pool: pool)
        guard try await output.hasEntries() else {
            try await progress.note("The build left nothing in $SLIPWAY_OUTPUT, so there is no artifact")
            return
        }
        try await progress.phase(.artifact, heading: "Storing the artifact") {
            try await storeArtifact(BuildArtifact { writer in try await output.write(to: writer) })
        }
    }
}
