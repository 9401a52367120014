/// Reads from a Job, its pod and their events where the build is, and how it ended.
///
/// Everything is untrusted: texts of the cluster, of registries and of builds come out as short single lines.
struct PodReading: Sendable {
    /// In Unicode scalars: as much as fits on a few lines of a terminal.
    static let maximumText = 300

    let picture: JobPicture
    /// The containers that the build has.
    let steps: [BuildStep]

    /// Where the build is.
    var stage: JobStage {
        if picture.hasSecondPod {
            return .ended(lost("its pod was deleted, and the cluster began another one"))
        }
        guard let pod = picture.pod else { return stageWithoutPod }
        if let ending = ending(of: pod) { return .ended(ending) }
        if isVanishing(pod) { return vanished(pod) }
        for step in steps {
            let state = pod.state(of: step)
            if state?.terminated != nil { continue }
            guard state?.running == nil else {
                return switch step {
                case .fetch: .fetching
                case .build: .building
                case .store: .storing
                }
            }
            return .pending(waiting(for: step, state?.waiting, in: pod))
        }
        // All have ended with 0, and the pod does not say yet that it has succeeded.
        return .ended(success(of: pod))
    }

    /// The first container that has not ended.
    var step: BuildStep? {
        guard let pod = picture.pod else { return steps.first }
        return steps.first { pod.state(of: $0)?.terminated == nil }
    }

    private var hasRun: Bool { picture.mayHaveRun }

    private func lost(_ reason: String) -> JobEnding {
        let isCertain = picture.hasRun || !hasRun
        let doubt = " while the cluster could not be watched, and the build may have run"
        return .lost(isCertain ? reason : reason + doubt, hasRun: hasRun)
    }

    private var stageWithoutPod: JobStage {
        if let end = picture.job?.end {
            // Its pod may be told in a moment: the two are watched apart.
            guard end.type == "Failed" else { return .vanishing(.completed) }
            guard end.reason != "DeadlineExceeded" else { return .ended(deadline) }
            return .vanishing(lost("its Job failed: \(Self.line(end.message ?? end.reason))"))
        }
        if picture.isJobGone || picture.job?.metadata.deletionTimestamp != nil {
            return .ended(lost("its Job was deleted"))
        }
        return .pending(creationProblem)
    }

    // MARK: The end

    private func ending(of pod: PodObject) -> JobEnding? {
        if let ending = endingOfWhole(pod) { return ending }
        for step in steps {
            guard let end = pod.state(of: step)?.terminated else { continue }
            let code = end.exitCode ?? 0
            // A process that was not the first one was killed, and the recipe got over it.
            if code != 0, end.reason == "OOMKilled" {
                return .outOfMemory(
                    step, limit: pod.container(step.rawValue)?.resources?.limits?["memory"].map { $0.oneLine(32) })
            }
            if end.isStartProblem { return .notStartable(step, reason: Self.line(end.message ?? end.reason)) }
            // What ends while its pod is deleted ends because of that.
            if code != 0, !isVanishing(pod) { return .failed(step, code: code, message: Self.line(end.message)) }
        }
        guard pod.status?.phase == "Succeeded" else { return nil }
        return success(of: pod)
    }

    /// What ended the pod as a whole, which explains the ends of its containers.
    private func endingOfWhole(_ pod: PodObject) -> JobEnding? {
        guard let status = pod.status else { return nil }
        if isPastDeadline { return deadline }
        guard status.phase == "Failed", let reason = status.reason else { return nil }
        let message = Self.line(status.message)
        switch reason {
        case "Evicted": return .evicted(message, hasRun: hasRun)
        case "DeadlineExceeded": return deadline
        case "NodeLost": return lost("its node was lost")
        case "Shutdown", "NodeShutdown", "Terminated": return lost("its node was shut down")
        case "Preempted", "Preempting":
            return lost("a pod of higher priority took its place")
        default:
            // The node's last word before it takes a pod: OutOfcpu, NodeAffinity, UnexpectedAdmissionError …
            let name = reason.oneLine(64)
            return lost("its node refused it: \(message.isEmpty ? name : "\(message) (\(name))")")
        }
    }

    /// The deadline, in the first step that has not ended well; only a later one begins because those before it did.
    private var deadline: JobEnding {
        let step = steps.first { step in
            guard let end = picture.pod?.state(of: step)?.terminated else { return true }
            return (end.exitCode ?? 0) != 0
        }
        let state = step.flatMap { picture.pod?.state(of: $0) }
        let hasBegun = state?.running != nil || state?.terminated != nil || step != steps.first
        return .deadline(hasBegun ? step : nil, hasRun: hasRun)
    }

    private var isPastDeadline: Bool {
        picture.job?.end.map { $0.type == "Failed" && $0.reason == "DeadlineExceeded" } ?? false
    }

    private func success(of pod: PodObject) -> JobEnding {
        // Data for programs, not text for people: what reads them has its own checks.
        .succeeded(
            build: pod.state(of: .build)?.terminated?.message ?? "",
            store: pod.state(of: .store)?.terminated?.message ?? "")
    }

    // MARK: Vanishing

    private func isVanishing(_ pod: PodObject) -> Bool {
        picture.isPodGone || pod.metadata.deletionTimestamp != nil || picture.isJobGone
            || picture.job?.metadata.deletionTimestamp != nil
    }

    private func vanished(_ pod: PodObject) -> JobStage {
        if picture.job?.end?.type == "Complete" {
            guard steps.contains(where: { pod.state(of: $0)?.terminated == nil }) else {
                return .ended(success(of: pod))
            }
            return picture.isPodGone ? .ended(.completed) : .vanishing(.completed)
        }
        if let condition = pod.condition("DisruptionTarget"), condition.isTrue {
            return .ended(lost(Self.disruption(condition)))
        }
        if let event = picture.event("Preempted", "TaintManagerEviction", "NodeNotReady", "NodeControllerEviction") {
            let reason =
                event.reason == "Preempted" ? "a pod of higher priority took its place" : "its node does not answer"
            return .ended(lost(reason))
        }
        if picture.isJobGone || picture.job?.metadata.deletionTimestamp != nil {
            return .ended(lost("its Job was deleted"))
        }
        return .vanishing(lost("its pod was deleted"))
    }

    /// The reasons of Kubernetes 1.26 and later ("Pod disruption conditions").
    private static func disruption(_ condition: ObjectCondition) -> String {
        switch condition.reason {
        case "PreemptionByScheduler": "a pod of higher priority took its place"
        case "DeletionByTaintManager": "its node does not answer or takes no such pods any more"
        case "EvictionByEvictionAPI": "its node is being drained"
        case "DeletionByPodGC": "its node is gone"
        case "TerminationByKubelet": "its node had to end it: \(line(condition.message))"
        default: "its pod was deleted: \(line(condition.message ?? condition.reason))"
        }
    }

    static func line(_ text: String?) -> String { (text ?? "").oneLine(maximumText) }
}
