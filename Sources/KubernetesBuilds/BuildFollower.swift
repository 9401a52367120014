import Builds
import Kubernetes
import Logging

/// Follows one Job from its creation to its end, and tells the person who pushed.
final class BuildFollower {
    private let spec: JobSpec
    private let watch: JobWatch
    private let client: KubernetesClient
    private let progress: BuildProgress
    private let logger: Logger
    private var clock = StageClock(at: .now)
    private var toldReason: PendingReason?
    private var reasonSince = ContinuousClock.now
    /// The first moment at which only a reason was missing for the end of the pod.
    private var vanishingSince: ContinuousClock.Instant?
    private var isOutageTold = false
    private var isLogTroubleTold = false
    private var began: ContinuousClock.Instant?
    private var pump: LogPump?

    init(
        _ spec: JobSpec, watch: JobWatch, client: KubernetesClient, progress: BuildProgress, logger: Logger
    ) {
        self.spec = spec
        self.watch = watch
        self.client = client
        self.progress = progress
        self.logger = logger
    }

    private var configuration: KubernetesBuildConfiguration { spec.configuration }
    private var timing: KubernetesTiming { configuration.timing }

    /// Waits for the end.
    ///
    /// - Returns: How the Job ended, with the build's log told to its end.
    /// - Throws: ``BuildStop`` when the build met a limit, `ExecutorUnavailable` when it never began,
    ///   or when the API stayed away, and what `progress` throws.
    func follow() async throws -> JobEnding {
        var stage = try await progress.phase(.fetch, heading: "Waiting for a pod in the cluster") {
            try await wait { !$0.isPending }
        }
        if !stage.isEnded {
            stage = try await progress.phase(.unpack, heading: "Fetching the source") {
                try await wait { stage in stage == .building || stage == .storing }
            }
        }
        // What has ended before it was seen running has a log all the same.
        if case .ended(let ending) = stage, !ending.hasRun { return ending }
        began = .now
        let ending = try await progress.phase(.build, heading: spec.heading) {
            try await withLog(of: .build) { try await wait { $0 == .storing } }
        }
        guard !ending.isEnded else { return try ending.end }
        return try await progress.phase(.artifact, heading: "Storing what the build left") {
            try await wait { _ in false }.end
        }
    }

    /// Tells a container's log, after it has failed.
    func tellLog(of step: BuildStep) async throws {
        _ = try await withLog(of: step) { .pending(nil) }
    }

    // MARK: Waiting

    /// Waits until a stage is reached, or the end.
    private func wait(until isReached: (JobStage) -> Bool) async throws -> JobStage {
        var changes = watch.changes.makeAsyncIterator()
        while true {
            try Task.checkCancellation()
            let reading = PodReading(picture: watch.picture, steps: spec.steps)
            let stage = reading.stage
            clock.see(stage, of: reading.step, at: .now)
            try await tellOutage()
            try await tellLogTrouble()
            try await checkLog()
            if isReached(stage) || stage.isEnded { return stage }
            if watch.outage == nil {
                if case .pending(let reason) = stage { try await tell(reason) }
                if case .vanishing(let ending) = stage {
                    if try isUnexplained() { return .ended(ending) }
                } else {
                    vanishingSince = nil
                }
                try checkTime(stage)
            }
            // Cancellation ends the stream.
            _ = await changes.next(isolation: nil)
        }
    }

    /// Whether nobody has said for long enough why the pod is gone.
    private func isUnexplained() throws -> Bool {
        let since = vanishingSince ?? .now
        vanishingSince = since
        return .now - since > timing.explanation
    }

    private func checkTime(_ stage: JobStage) throws {
        let time = clock.length(at: .now)
        if let began {
            if stage == .building, .now - began > configuration.timeout {
                throw BuildStop(result: EndingWords.timedOut(spec.program, after: configuration.timeout))
            }
            guard clock.step == .store, time > configuration.storeMargin else { return }
            throw BuildStop(result: EndingWords.stuck("storing what the build left", after: configuration.storeMargin))
        }
        if stage == .fetching, time > configuration.fetchMargin {
            throw BuildStop(result: EndingWords.stuck("fetching the source", after: configuration.fetchMargin))
        }
        guard case .pending(let reason) = stage, time > configuration.startTimeout else { return }
        let limit = configuration.startTimeout.words
        throw ExecutorUnavailable(
            cause: reason.map { "\($0.cause); it was waited for that for \(limit)" }
                ?? "the cluster has not started the build's pod within \(limit)",
            detail: "Job \(spec.name)", mayPass: false)
    }

    private func checkLog() async throws {
        switch pump?.end {
        case .tooLarge:
            throw BuildStop(result: EndingWords.logTooLarge(spec.program, limit: configuration.maximumLogSize))
        case .refused(let error): throw error
        case .complete, .unreadable, nil: break
        }
    }

    // MARK: Telling

    private func tell(_ reason: PendingReason?) async throws {
        guard let reason else { return }
        if toldReason?.kind != reason.kind { reasonSince = .now }
        if toldReason != reason {
            toldReason = reason
            try await progress.note(reason.text)
        }
        guard let patience = timing.patience(with: reason.kind), .now - reasonSince > patience else { return }
        // The recipe has run: what is waiting now is what stores its result.
        guard began == nil else { throw BuildStop(result: EndingWords.notStored(reason.cause)) }
        throw ExecutorUnavailable(
            cause: reason.cause, detail: "for longer than \(patience.words), Job \(spec.name)", mayPass: false)
    }

    private func tellOutage() async throws {
        guard let outage = watch.outage else {
            if isOutageTold {
                isOutageTold = false
                try await progress.note("The cluster answers again")
            }
            return
        }
        guard .now - outage.since < timing.outage else {
            throw ExecutorUnavailable(
                cause: "the Kubernetes API does not answer; what became of the build is not known",
                detail: "for more than \(timing.outage.words), Job \(spec.name): \(outage.error)", mayHaveRun: true)
        }
        guard !isOutageTold else { return }
        isOutageTold = true
        let state = began == nil ? "waiting for it" : "the build goes on, waiting for it"
        logger.warning(
            "the Kubernetes API is away during a build",
            metadata: ["push": "\(spec.request.id)", "error": "\(outage.error)"])
        try await progress.note("The cluster does not answer; \(state)")
    }

    /// Tells of a log that cannot be read although the API answers: the build goes on without it.
    private func tellLogTrouble() async throws {
        guard let pump else { return }
        guard let problem = pump.problem else {
            guard isLogTroubleTold else { return }
            isLogTroubleTold = false
            return try await progress.note("The log can be read again")
        }
        // Of a log that has come to an end, another sentence tells.
        guard pump.end == nil, watch.outage == nil, !isLogTroubleTold, .now - problem.since > timing.logTrouble else {
            return
        }
        isLogTroubleTold = true
        logger.warning(
            "a build's log cannot be read now",
            metadata: ["push": "\(spec.request.id)", "error": "\(problem.error)"])
        let reason = problem.error.inWords.oneLine(PodReading.maximumText)
        let state = pump.isEndExpected ? "trying again" : "the build goes on"
        try await progress.note("The log cannot be read now: \(reason); \(state)")
    }

    // MARK: The log

    /// Does something while a container's log is told, and tells it to its end.
    private func withLog(of step: BuildStep, _ body: () async throws -> JobStage) async throws -> JobStage {
        guard let pod = watch.picture.pod?.metadata.name else { return try await body() }
        let pump = LogPump(
            client.followLog(namespace: configuration.namespace, pod: pod, container: step.rawValue),
            limit: configuration.maximumLogSize, pace: timing.logRefused, into: progress, watch: watch)
        self.pump = pump
        isLogTroubleTold = false
        let reading = Task { await pump.run() }
        let result: Result<JobStage, any Error>
        do {
            let stage = try await body()
            try await drain(pump)
            result = .success(stage)
        } catch {
            result = .failure(error)
        }
        self.pump = nil
        // Nothing is written once this has returned.
        reading.cancel()
        await reading.value
        return try result.get()
    }

    /// Waits until all is told that the container has left.
    private func drain(_ pump: LogPump) async throws {
        var changes = watch.changes.makeAsyncIterator()
        pump.expectEnd()
        while pump.end == nil {
            try Task.checkCancellation()
            try await tellOutage()
            try await tellLogTrouble()
            // Nothing can come then, and the reader may come back later than the watch.
            if watch.outage != nil { pump.restartSilence() }
            guard pump.silence < timing.logSilence else {
                return try await progress.note("The end of the log does not come")
            }
            _ = await changes.next(isolation: nil)
        }
        try await checkLog()
        if case .unreadable(let error) = pump.end {
            logger.warning(
                "a build's log cannot be read", metadata: ["push": "\(spec.request.id)", "error": "\(error)"])
            try await progress.note("The log cannot be read: \(error.inWords)")
        }
    }
}

extension JobStage {
    var isPending: Bool {
        if case .pending = self { true } else { false }
    }

    var isEnded: Bool {
        if case .ended = self { true } else { false }
    }

    /// The end, where only that was waited for.
    fileprivate var end: JobEnding {
        get throws {
            guard case .ended(let ending) = self else { throw CancellationError() }
            return ending
        }
    }
}

extension KubernetesTiming {
    /// How long a reason may last before it is final; nil for as long as a pod may be pending at all.
    func patience(with kind: PendingReason.Kind) -> Duration? {
        switch kind {
        case .noImage: imagePatience
        case .configuration: configurationPatience
        case .scheduling, .quota, .pulling, .image, .node: nil
        }
    }
}
