import Synchronization

/// What the sandbox turned out to be able to do on this machine.
final class SandboxAbilities: Sendable {
    private let canLimitNamespaces = Mutex(true)

    /// Whether bubblewrap can keep a build from making user namespaces.
    ///
    /// Taken for granted until a trial says otherwise: bubblewrap knows how since 0.8, and a container may forbid it.
    var limitsNamespaces: Bool {
        get { canLimitNamespaces.withLock { $0 } }
        set { canLimitNamespaces.withLock { $0 = newValue } }
    }
}
