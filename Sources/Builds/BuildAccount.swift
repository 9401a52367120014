import FoundationEssentials
import Identifiers
import ObjectStorage

/// What ``BuildService`` has learnt about a build so far.
struct BuildAccount: Sendable {
    let request: BuildRequest
    let executor: String
    let startedAt = Date.now
    var artifact: StoredArtifact?
    /// Where its artifact goes.
    var uploads: BuildArtifactStore?
    var phases: [BuildPhaseTiming] = []
    var result = BuildResult(outcome: .error, exitCode: nil, reason: "the build did not start")
    /// What to throw instead of a report.
    var error: (any Error)?

    init(request: BuildRequest, executor: String) {
        self.request = request
        self.executor = executor
    }

    /// Notes that the build was ended by `error`, and tells apart whose error it was.
    mutating func fail(_ error: any Error, clientFailure: String?) {
        let thrown: any Error
        let outcome: BuildOutcome
        if let clientFailure {
            thrown = BuildServiceError.clientGone(clientFailure)
            outcome = .cancelled
        } else if error is CancellationError || Task.isCancelled {
            thrown = CancellationError()
            outcome = .cancelled
        } else if let error = error as? ObjectStoreError {
            thrown = BuildServiceError.storage(during: "building", error: error)
            outcome = .error
        } else if let error = error as? BuildServiceError {
            thrown = error
            outcome = .error
        } else if let error = error as? ExecutorUnavailable {
            thrown = BuildServiceError.unavailable(error)
            outcome = .refused
        } else {
            thrown = BuildServiceError.executor(String(describing: error))
            outcome = .error
        }
        let reason = thrown is CancellationError ? "the build was cancelled" : String(describing: thrown)
        result = BuildResult(outcome: outcome, exitCode: nil, reason: reason)
        self.error = thrown
    }

    var startRecord: RunningBuildRecord {
        RunningBuildRecord(
            id: request.id, app: request.app.rawValue, commit: request.commit, ref: request.ref, user: request.user,
            executor: executor, recipe: request.recipe, startedAt: Self.text(startedAt))
    }

    func record(log: ObjectMetadata?) -> BuildRecord {
        BuildRecord(
            id: request.id, app: request.app.rawValue, commit: request.commit, ref: request.ref, user: request.user,
            executor: executor, recipe: request.recipe, outcome: result.outcome, exitCode: result.exitCode,
            reason: result.reason, startedAt: Self.text(startedAt), finishedAt: Self.text(.now),
            phases: Dictionary(phases.map { ($0.phase.rawValue, $0.seconds) }, uniquingKeysWith: +),
            source: BuildRecord.StoredPart(
                key: request.source.key.description, size: request.source.size, sha256: request.source.sha256),
            log: log.map { BuildRecord.StoredPart($0) },
            artifact: artifact.map { BuildRecord.StoredPart($0.metadata, sha256: $0.sha256) }, image: result.image)
    }

    func report(log: ObjectMetadata, recordKey: ObjectKey) -> BuildReport {
        BuildReport(
            id: request.id, recipe: request.recipe, outcome: result.outcome, exitCode: result.exitCode,
            reason: result.reason, artifact: artifact?.metadata, image: result.image, log: log, recordKey: recordKey,
            phases: phases)
    }

    private static func text(_ date: Date) -> String {
        date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}

extension BuildRecord.StoredPart {
    fileprivate init(_ metadata: ObjectMetadata, sha256: String? = nil) {
        self.init(key: metadata.key.description, size: metadata.size, sha256: sha256)
    }
}
