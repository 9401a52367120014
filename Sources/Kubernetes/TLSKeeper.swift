import NIOPosix

/// Has at hand whom to trust and which certificate to show, as their files have it: kubelet and others replace them.
actor TLSKeeper {
    private let limits: KubernetesLimits
    private var current: TLSIdentity
    /// When the files are looked at again.
    private var staleAt: ContinuousClock.Instant
    /// One for all who wait.
    private var looking: Task<Void, any Error>?

    /// Keeps what was read.
    init(_ identity: TLSIdentity, limits: KubernetesLimits) {
        self.limits = limits
        current = identity
        staleAt = .now + limits.tlsAge
    }

    /// What to use now.
    func identity() async -> TLSIdentity {
        if current.isFromFiles, .now >= staleAt { await look() }
        return current
    }

    /// Tells that the server was not trusted, or did not accept us.
    ///
    /// - Parameter refused: What was used.
    /// - Returns: What the files have instead, worth a try; nil when that is the same.
    func replacement(of refused: TLSIdentity) async -> TLSIdentity? {
        guard current.isFromFiles else { return nil }
        if current == refused { await look() }
        return current == refused ? nil : current
    }

    private func look() async {
        // Others' cancellation must not end it, nor put off the next look: files are read only so often.
        let task = looking ?? Task { try await readAgain() }
        looking = task
        _ = try? await task.promptValue
    }

    private func readAgain() async throws {
        defer {
            looking = nil
            staleAt = .now + limits.tlsAge
        }
        let known = current
        // While files are half written, or gone for a moment, what is known is used further.
        current = try await NIOThreadPool.singleton.runIfActive { known.readAgain() }
    }
}
