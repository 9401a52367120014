extension KubernetesLog.AsyncIterator {
    /// Looks at the pod and decides how to go on.
    ///
    /// - Parameter problem: What went wrong; nil for a connection that ended or was silent.
    /// - Throws: ``KubernetesError`` when there is nothing to follow, `CancellationError`.
    mutating func judge(after problem: KubernetesError?) async throws {
        let found: FollowedPod?
        do {
            found = try await log.client.get(
                FollowedPod.self, .pods, namespace: log.namespace, name: log.pod, .never(within: limits.checkTime))
        } catch let error as KubernetesError {
            try Task.checkCancellation()
            return try fail(error, then: .judge(error))
        }
        guard let found, pod == nil || pod?.uid == found.metadata.uid else {
            guard pod != nil else {
                throw KubernetesError(.notFound, operation: operation, detail: "there is no such pod")
            }
            return end(incomplete: "the pod is gone, and with it the end of its log")
        }
        let (stage, restarts) = found.stage(of: log.container)
        let isFirst = pod == nil
        let known = pod ?? (found.metadata.uid, restarts)
        pod = known
        guard restarts == known.restarts else {
            return end(incomplete: "the container was restarted, and the end of its log is gone")
        }
        switch stage {
        case .unknown:
            throw KubernetesError(.notFound, operation: operation, detail: "the pod has no such container")
        case .neverStarted: state = .done
        case .waiting:
            // Not from the server's answer to a request for the log: that one is about the moment of the request.
            state = .judge(nil)
            try await Task.sleep(for: Swift.min(starting.next(), Self.longestStart))
        case .ended: try readEnd(after: problem)
        case .running:
            state = .connect
            if let problem, !problem.isTooEarly {
                try fail(problem, then: .connect)
            } else {
                // The first time, nothing but the pod was asked for: a refusal of the log is news then.
                if !isFirst, outage.end() { ready.append(.resumed) }
                // Answers that end at once must not be asked for without a pause.
                if !isFirst { outage.slowDown() }
            }
        }
    }

    /// Notes a failure, and gives up when the server has refused for too long.
    ///
    /// - Parameters:
    ///   - error: What failed.
    ///   - next: What to do next, also if whoever reads goes on in spite of the error.
    /// - Throws: `error`, when it is to be given up.
    private mutating func fail(_ error: KubernetesError, then next: State) throws {
        if error.kind == .shutDown { throw error }
        state = next
        if outage.begin(error) { ready.append(.interrupted(error)) }
        if let since = outage.refusedSince, ContinuousClock.now - since > limits.patience { throw error }
    }

    /// Reads what the container has left, again until it is all there.
    private mutating func readEnd(after problem: KubernetesError?) throws {
        state = .connect
        if hasEnded {
            finalAttempts += 1
            guard finalAttempts < limits.logFinalAttempts else {
                return end(incomplete: "the node does not give the end of the log")
            }
            if let problem {
                try fail(problem, then: .connect)
            } else if finalAttempts > 1 {
                outage.slowDown()
            }
        }
        hasEnded = true
    }

    private mutating func end(incomplete reason: String) {
        ready.append(.incomplete(reason))
        state = .done
    }
}

extension KubernetesError {
    /// Whether it says that the container has not started yet, which the pod's status says a moment later.
    ///
    /// There is no code for it; the texts are those of the kubelet and of the API server (registry/core/pod).
    fileprivate var isTooEarly: Bool {
        kind == .invalid && (status?.message.contains("waiting to start") ?? false)
    }
}
