import Builds

/// Makes of a Job's end what the push is told.
struct BuildConclusion {
    /// The code with which Slipway's own containers end when what they were given is to blame, and not the machine or
    /// the store (`EX_DATAERR` of sysexits.h).
    static let contentIsToBlame: Int32 = 65

    let spec: JobSpec
    let follower: BuildFollower
    let progress: BuildProgress
    let artifact: BuildArtifactStore

    /// - Throws: `ExecutorUnavailable` when nothing has run, `BuildSourceError`, `BuildArtifactError`, `ObjectStoreError`.
    func result(of ending: JobEnding) async throws -> BuildResult {
        switch ending {
        case .succeeded(let build, let store): return try await success(build, store)
        case .completed: return EndingWords.unknown(spec.program)
        case .failed(.fetch, let code, let message):
            try await follower.tellLog(of: .fetch)
            guard code != Self.contentIsToBlame else { throw BuildSourceError(reason: message) }
            return BuildResult(
                outcome: .error, exitCode: nil,
                reason: "the source could not be fetched: \(Self.orCode(message, code)); push again")
        case .failed(.store, let code, let message):
            try await follower.tellLog(of: .store)
            guard code != Self.contentIsToBlame else { throw BuildArtifactError(reason: message) }
            return EndingWords.notStored(Self.orCode(message, code))
        case .failed(.build, let code, _): return EndingWords.failed(spec.program, code: code)
        case .outOfMemory(let step, let limit): return EndingWords.outOfMemory(spec.program, step, limit: limit)
        case .notStartable(let step, let reason):
            switch step {
            case .fetch: throw neverBegan("a container of Slipway's own cannot be started", reason)
            case .build:
                return BuildResult(
                    outcome: .failed, exitCode: nil,
                    reason: "\(spec.program) could not be started in the image for builds: \(reason)")
            case .store: return EndingWords.notStored("a container of Slipway's own cannot be started: \(reason)")
            }
        case .evicted(let message, let hasRun):
            guard hasRun else { throw neverBegan("the build's pod was evicted before it began", message) }
            return EndingWords.evicted(spec.program, message)
        case .deadline(let step, let hasRun):
            guard hasRun else {
                let what =
                    step == .fetch
                    ? "the time of the build's pod was over while the source was fetched"
                    : "the build's pod did not begin before its deadline"
                throw neverBegan(what, "", false)
            }
            switch step {
            case .store: return EndingWords.notStored("the time of the build's pod was over meanwhile")
            case .build: return EndingWords.timedOut(spec.program, after: spec.configuration.timeout)
            case .fetch, nil: return EndingWords.lost(spec.program, "the time of its pod was over")
            }
        case .lost(let reason, let hasRun):
            guard hasRun else { throw neverBegan("the build's pod was lost before it began", reason) }
            return EndingWords.lost(spec.program, reason)
        }
    }

    private func neverBegan(_ what: String, _ reason: String, _ mayPass: Bool = true) -> ExecutorUnavailable {
        ExecutorUnavailable(
            cause: reason.isEmpty ? what : "\(what): \(reason)", detail: "Job \(spec.name)", mayPass: mayPass)
    }

    private func success(_ build: String, _ store: String) async throws -> BuildResult {
        let image = try image(build)
        if spec.image == nil {
            guard let message = TerminationMessage.stored(store) else {
                return BuildResult(
                    outcome: .error, exitCode: nil,
                    reason:
                        "the container store-artifact did not say what it stored; is kubernetes.image of this version?")
            }
            if let stored = message.artifact {
                try await artifact.confirmUpload(size: stored.size, sha256: stored.sha256)
            } else {
                try await progress.note("The build left nothing in $SLIPWAY_OUTPUT, so there is no artifact")
            }
        } else if image == nil {
            return BuildResult(
                outcome: .error, exitCode: nil,
                reason: "\(spec.program) succeeded, but did not say which image it pushed; ask the operator")
        }
        return BuildResult(outcome: .succeeded, exitCode: 0, reason: "\(spec.program) succeeded", image: image)
    }

    /// The image that was made.
    ///
    /// Only a command of the operator's own may call it otherwise than Slipway does, and make one in a build that would not.
    private func image(_ message: String) throws -> BuiltImage? {
        guard spec.image != nil || spec.template.hasOwnCommand, let digest = TerminationMessage.digest(message) else {
            return nil
        }
        let told = spec.template.hasOwnCommand ? TerminationMessage.image(message) : nil
        return (told ?? spec.image?.name).map { BuiltImage(reference: $0, digest: digest) }
    }

    private static func orCode(_ message: String, _ code: Int32) -> String {
        message.isEmpty ? "exit code \(code)" : message
    }
}
