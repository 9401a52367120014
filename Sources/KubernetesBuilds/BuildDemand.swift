/// What a build takes of a quota at least, whatever its template says.
///
/// A build that does not fit for its size waits, and its pusher reads why; this is for a quota that leaves nothing.
enum BuildDemand {
    /// By the names that quotas have for it (Kubernetes documentation, "Resource Quotas").
    static let smallest: [String: Double] = [
        "pods": 1, "count/pods": 1, "count/jobs.batch": 1,
        // One thousandth of a CPU and one byte: used up is what has nothing left.
        "cpu": 0.001, "requests.cpu": 0.001, "limits.cpu": 0.001,
        "memory": 1, "requests.memory": 1, "limits.memory": 1,
        "ephemeral-storage": 1, "requests.ephemeral-storage": 1, "limits.ephemeral-storage": 1,
    ]
}
