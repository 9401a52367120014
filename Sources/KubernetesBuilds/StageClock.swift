/// Since when a Job is where it is: each step has its own time to begin, and its own to end.
struct StageClock {
    private struct Place: Equatable {
        let step: BuildStep?
        let isPending: Bool
    }

    private var place = Place(step: .fetch, isPending: true)
    private var since: ContinuousClock.Instant

    /// Begins with the Job's creation.
    init(at now: ContinuousClock.Instant) { since = now }

    /// The step that begins or runs.
    var step: BuildStep? { place.step }

    /// Takes note of where the Job is now.
    mutating func see(_ stage: JobStage, of step: BuildStep?, at now: ContinuousClock.Instant) {
        let next = Place(step: step, isPending: stage.isPending)
        guard next != place else { return }
        place = next
        since = now
    }

    /// For how long it has been there.
    func length(at now: ContinuousClock.Instant) -> Duration { now - since }
}
