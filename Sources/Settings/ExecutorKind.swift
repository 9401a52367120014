/// What runs builds.
package enum ExecutorKind: String, Sendable, CaseIterable {
    /// Processes on this machine.
    case local
    /// Jobs of a Kubernetes cluster.
    case kubernetes
    /// Nothing: every push that git accepts is accepted and stored.
    case none
}
