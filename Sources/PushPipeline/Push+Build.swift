import Builds
import CoreMetrics
import GitProtocol
import GitRepository
import Health
import Identifiers
import Logging
import ObjectStorage
import Retries

/// From an accepted commit to a built one.
extension Push {
    /// Builds the deploy branches of the push, one after the other; a build that fails refuses its ref.
    ///
    /// Where none can be run, the refs that need none go on, unless the push is atomic.
    ///
    /// - Throws: Why nothing of the push can go on.
    func build(_ verdicts: inout Verdicts, in quarantine: Quarantine, output: PushOutput) async throws {
        guard let builds = pipeline.builds else { return }
        var built: Set<ObjectID> = []
        var begun = 0
        for command in verdicts.undecided where isBuilt(command) {
            // An atomic push is lost as a whole with its first ref.
            guard verdicts.isUndecided(command.ref), !built.contains(command.new) else { continue }
            // The first build bears the push's id; each has its own folder in the object store.
            let buildID = begun == 0 ? id : PushID.generate()
            begun += 1
            do {
                if let reason = try await build(command, id: buildID, with: builds, in: quarantine, output: output) {
                    verdicts.reject(command.ref, reason: reason)
                } else {
                    built.insert(command.new)
                }
            } catch {
                let lost = verdicts.undecided.filter { isBuilt($0) && !built.contains($0.new) }
                guard Self.isOfBuilds(error), await goOn(after: PushFailure(error), without: lost, &verdicts, output)
                else { throw error }
                return
            }
        }
    }

    /// Whether a ref moves only after its commit has been built.
    private func isBuilt(_ command: RefCommand) -> Bool {
        command.kind != .delete && pipeline.configuration.isDeployBranch(command.ref)
    }

    /// Whether an error is one of what builds need alone: without the repositories' disk or its client, no ref goes on.
    static func isOfBuilds(_ error: any Error) -> Bool {
        switch error {
        case is RepositoriesUnavailable: false
        case is any DependencyFailure, is BuildServiceError, is PushFailure: true
        default: false
        }
    }

    /// Refuses the refs that cannot be built, if that leaves others.
    ///
    /// - Returns: False when the push has failed as a whole.
    private func goOn(
        after failure: PushFailure, without lost: [RefCommand], _ verdicts: inout Verdicts, _ output: PushOutput
    ) async -> Bool {
        guard failure.blame == .builder, !verdicts.isAtomic, lost.count < verdicts.undecided.count else { return false }
        for command in lost { verdicts.reject(command.ref, for: failure) }
        logger.error("not all refs could be built", metadata: ["error": "\(failure.detail)"])
        let names = lost.map(\.ref.rawValue.shortRefName).joined(separator: ", ")
        // The refs are refused in the report too: losing this line is no reason to lose the others.
        try? await output.problem("\(failure.text)\nNot built and not changed: \(names). The other refs go on.")
        pipeline.gate.lookAgain()
        return true
    }

    /// Builds one commit.
    ///
    /// - Returns: Why the ref must not move, or `nil` when the build succeeded.
    private func build(
        _ command: RefCommand, id buildID: PushID, with builds: BuildService, in quarantine: Quarantine,
        output: PushOutput
    ) async throws -> String? {
        let commit = command.new
        let recipe: BuildRecipe
        do {
            recipe = try await BuildRecipe.detect(builds.abilities) { path in
                try await quarantine.treeEntry(commit: commit, path: path).map(SourceEntryKind.init)
            }
        } catch let error as BuildDetectionError {
            try await explain("\(error)", command, buildID: nil, output)
            return error.inShort
        }
        let source = try await storeSource(
            of: commit, digested: builds.wantsSourceDigest, in: quarantine, output: output)
        let request = BuildRequest(
            id: buildID.rawValue, app: app, commit: commit.hex, ref: command.ref.rawValue, user: user, recipe: recipe,
            source: source)
        logger.info("build started", metadata: ["commit": "\(commit)", "recipe": "\(recipe)", "build": "\(buildID)"])
        enter(.build, "building", output)
        let start = ContinuousClock.now
        let report: BuildReport
        do {
            report = try await builds.run(request, output: output, retry: retry(output))
        } catch {
            let outcome = BuildOutcome(of: error)
            note(outcome, request, since: start)
            logger.notice(
                "build ended",
                metadata: [
                    "build": "\(buildID)", "outcome": "\(outcome)",
                    "reason": "\(error is CancellationError ? "cancelled" : "\(error)")",
                ])
            throw error
        }
        note(report.outcome, request, since: start)
        for timing in report.phases { phases.add(timing.phase.rawValue, timing.duration) }
        logger.notice(
            "build ended",
            metadata: [
                "build": "\(buildID)", "outcome": "\(report.outcome)", "reason": "\(report.reason)",
                "exit": "\(report.exitCode.map(String.init) ?? "none")",
            ])
        guard report.outcome != .error else {
            throw PushFailure(
                text:
                    "The build could not be run to its end: \(report.reason). This is not your push's fault; push again later.",
                reason: "the build could not be run", detail: report.reason, blame: .builder)
        }
        guard report.succeeded else {
            try await explain(
                report.reason, command, buildID: buildID, output)
            if report.outcome == .failed, report.exitCode == nil { return "build failed" }
            return report.exitCode.map { "build failed with exit code \($0)" }
                ?? "build failed: \(report.outcome.inWords)"
        }
        try await tell(report, of: commit, output)
        return nil
    }

    /// How long a source is used again, in seconds: with the usual retention it is kept for far longer.
    private static let sourceLifetime: Double = 24 * 3600

    /// Streams the commit's tree into the object store, unless it is there: the same commit has the same source.
    private func storeSource(
        of commit: ObjectID, digested: Bool, in quarantine: Quarantine, output: PushOutput
    ) async throws -> StoredSource {
        let key = try ObjectKey("apps/\(app)/sources/\(commit.hex).tar.gz")
        let subject = try await quarantine.commitInfo(commit).subject
        let title = ClientText.line(subject, maximumBytes: 60)
        return try await phases.measure("source") {
            enter(.source, "storing the source", output)
            let retry = retry(output)
            // Where its digest is wanted it is put again: another version of this program may have put other bytes.
            let known = digested ? nil : try await retry.run { try await pipeline.store.head(key) }
            // An older one may be swept away before the build has it: it is put again, and so is young.
            if let known, WallTime.now.secondsSinceEpoch - Double(known.modified) < Self.sourceLifetime {
                try await output.heading("Source of \(commit.short) \"\(title)\" is there already")
                try await output.detail(known.size.bytesInWords)
                return StoredSource(key: key, size: known.size)
            }
            try await output.heading("Storing the source of \(commit.short) \"\(title)\"")
            let (stored, digest) = try await retry.run {
                let digest = ContentDigest()
                let stored = try await pipeline.store.put(key, condition: .always) { writer in
                    _ = try await quarantine.archive(commit: commit) { bytes in
                        if digested { digest.add(bytes) }
                        try await writer.write(bytes)
                    }
                }
                return (stored, digest)
            }
            try await output.detail(stored.size.bytesInWords)
            return StoredSource(key: key, size: stored.size, sha256: digested ? digest.hex : nil)
        }
    }

    /// Tries again when something that a push needs fails in passing, and says so.
    func retry(_ output: PushOutput) -> Retry {
        let notices = RetryNotices()
        return Retry(budget: pipeline.configuration.retry) { [logger] error, left in
            PushMetrics.shared.retries.increment()
            logger.warning(
                "what a push needs failed; trying again",
                metadata: ["dependency": "\(error.dependency)", "error": "\(error.logText)", "left": "\(left.inWords)"])
            guard notices.isDue(for: "\(error.dependency): \(error.cause)", at: .now) else { return }
            // Losing this line is no reason to lose the push.
            try? await output.detail(
                "\(error.dependency) does not work: \(error.cause); trying again for up to \(left.roughly)")
        }
    }

    /// Keeps how a build ended, for the status page and the metrics.
    private func note(_ outcome: BuildOutcome, _ request: BuildRequest, since start: ContinuousClock.Instant) {
        PushMetrics.shared.built(outcome)
        guard let id = PushID(request.id) else { return }
        pipeline.board.add(
            PushBoard.Build(
                id: id, app: app, commit: String(request.commit.prefix(7)), outcome: outcome.inWords,
                hasSucceeded: outcome == .succeeded, finished: .now,
                duration: ContinuousClock.now - start))
    }

    private func tell(_ report: BuildReport, of commit: ObjectID, _ output: PushOutput) async throws {
        try await output.heading("Built \(app) \(commit.short)")
        if let image = report.image { try await output.detail("image     \(image.pinned)") }
        if let artifact = report.artifact {
            try await output.detail("artifact  \(artifact.key) (\(artifact.size.bytesInWords))")
        } else if report.image == nil {
            try await output.detail("artifact  none: the build left nothing in $SLIPWAY_OUTPUT")
        }
        try await output.detail("log       \(report.log.key)")
        try await output.detail("record    \(report.recordKey)")
        try await output.detail("time      \(phases.summary)")
    }

    /// Says why a ref stays where it is, and what to do.
    private func explain(
        _ reason: String, _ command: RefCommand, buildID: PushID?, _ output: PushOutput
    ) async throws {
        let name = command.ref.rawValue.shortRefName
        let state = command.kind == .create ? "\(name) was not created" : "\(name) stays at \(command.old.short)"
        let again = buildID == nil ? "" : "; the same commit can be pushed again too"
        var text = "Not built: \(reason)\n\(state). Mend it and push again\(again)."
        if let buildID, let keys = try? BuildKeys(app: app, id: buildID.rawValue) {
            text += "\nLog: \(keys.log)"
            text += "\nTime: \(phases.summary)"
        }
        try await output.problem(text)
    }
}

extension PushOutput: BuildOutput {}

extension SourceEntryKind {
    init(_ kind: TreeEntryKind) {
        switch kind {
        case .file: self = .file
        case .executable: self = .executable
        case .directory: self = .directory
        case .symlink: self = .symlink
        case .submodule: self = .submodule
        }
    }
}

extension BuildOutcome {
    /// What the record says of a build that ended by an error.
    fileprivate init(of error: any Error) {
        switch error {
        case is CancellationError, BuildServiceError.clientGone: self = .cancelled
        case BuildServiceError.unavailable: self = .refused
        default: self = .error
        }
    }

    /// The outcome in the few words that fit after "remote rejected".
    var inWords: String {
        switch self {
        case .succeeded: "succeeded"
        case .failed: "failed"
        case .signalled: "killed by a signal"
        case .timedOut: "time limit"
        case .logTooLarge: "too much output"
        case .refused: "builds are not possible here now"
        case .cancelled: "cancelled"
        case .error: "a fault of the builder"
        }
    }
}

extension BuildDetectionError {
    /// The few words that fit after "remote rejected".
    var inShort: String {
        switch self {
        case .scriptNotExecutable: ".slipway/build is not executable"
        case .scriptNotAFile: ".slipway/build is a directory"
        case .dockerfileUnsupported: "Dockerfiles are not built here"
        case .nothingToBuild: "nothing to build"
        }
    }
}
