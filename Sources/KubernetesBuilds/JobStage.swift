/// Where a Job is between its creation and its end.
enum JobStage: Sendable, Equatable {
    /// No container of the next step runs yet; why, where it can be told.
    case pending(PendingReason?)
    case fetching
    case building
    case storing
    /// Its pod is being deleted, or is gone, and nobody has said why yet.
    case vanishing(JobEnding)
    case ended(JobEnding)
}
