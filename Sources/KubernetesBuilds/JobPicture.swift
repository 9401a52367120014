/// All that is known of one Job at a moment.
struct JobPicture: Sendable, Equatable {
    /// More than a build ever has; of the older ones nobody needs to know.
    private static let maximumEvents = 100

    private(set) var job: JobObject?
    private(set) var isJobGone = false
    /// The Job's first pod as it was last.
    private(set) var pod: PodObject?
    private(set) var isPodGone = false
    /// Whether the recipe has run, wholly or in part; a node that puts a pod out forgets what its containers did.
    private(set) var hasRun = false
    /// Whether the API was away since the pod was last seen in a state that is certain.
    private(set) var isUnseen = false
    /// Whether the cluster made a second pod: the first was deleted, and nothing may be built twice.
    private(set) var hasSecondPod = false
    /// Of the Job and its pod, oldest first.
    private(set) var events: [EventObject] = []

    /// Begins with the Job as it was created, so that one that is gone before it was listed is missed.
    init(_ job: JobObject? = nil) { self.job = job }

    /// Whether the recipe has run as far as anybody can know: a pod on a node that was not watched may have.
    var mayHaveRun: Bool { hasRun || isUnseen && (pod == nil || pod?.spec?.nodeName != nil) }

    mutating func see(_ job: JobObject) {
        if let uid = self.job?.metadata.uid, uid != job.metadata.uid {
            // Another one by its name: ours is no more.
            isJobGone = true
        } else {
            self.job = job
        }
    }

    mutating func lose(_ job: JobObject) { if self.job?.metadata.uid == job.metadata.uid { loseJob() } }

    mutating func loseJob() { if job != nil { isJobGone = true } }

    /// Takes note that pods are not seen from now on, until they are.
    mutating func interrupt() { isUnseen = true }

    mutating func see(_ pod: PodObject) {
        guard pod.belongs(to: job) else { return }
        if let known = self.pod, known.metadata.uid != pod.metadata.uid {
            hasSecondPod = true
        } else {
            self.pod = pod
            hasRun = hasRun || pod.hasRun
            if pod.isCertain { isUnseen = false }
        }
    }

    /// Takes note that a pod was deleted, as it was last.
    mutating func lose(_ pod: PodObject) {
        see(pod)
        if let known = self.pod, known.metadata.uid == pod.metadata.uid { isPodGone = true }
    }

    /// Takes all pods that there are: the known one may be gone.
    mutating func list(_ pods: [PodObject]) {
        for pod in pods.sorted(by: { ($0.metadata.creationTimestamp ?? "") < ($1.metadata.creationTimestamp ?? "") }) {
            see(pod)
        }
        if let known = pod, !pods.contains(where: { $0.metadata.uid == known.metadata.uid }) { isPodGone = true }
    }

    /// An event that is told again replaces what it was, as the newest.
    mutating func see(_ event: EventObject) {
        // A Job of the same name before this one had its own.
        if let object = event.involvedObject, object.kind == "Job", let uid = object.uid, let known = job?.metadata.uid,
            uid != known
        {
            return
        }
        events.removeAll { $0.metadata.name == event.metadata.name }
        events.append(event)
        if events.count > Self.maximumEvents { events.removeFirst() }
    }

    /// The newest event of one of these reasons.
    func event(_ reasons: String...) -> EventObject? { events.last { reasons.contains($0.reason ?? "") } }
}
