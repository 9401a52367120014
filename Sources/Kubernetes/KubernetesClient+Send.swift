import Logging

extension KubernetesClient {
    /// How often a request may be sent.
    enum Repetition {
        /// Once only, and within this time: for checks.
        case never(within: Duration)
        /// Only when the server has certainly not begun with it.
        case untouched
        /// It only reads, or it says what shall be.
        case harmless
    }

    /// Sends a request and reads its whole answer.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - repetition: Whether it may be sent again.
    /// - Returns: The answer's body.
    /// - Throws: ``KubernetesError`` of the last attempt, `CancellationError`.
    func send(_ request: KubernetesRequest, _ repetition: Repetition) async throws -> [UInt8] {
        var backoff = Backoff(limits)
        let end = ContinuousClock.now + limits.totalTime
        var isInDoubt = false
        while true {
            do {
                let limit = if case .never(let limit) = repetition { limit } else { limits.requestTime }
                return try await attempt(request, within: limit)
            } catch let error as KubernetesError {
                isInDoubt = isInDoubt || error.leavesDoubt
                let delay = backoff.next(atLeast: error.retryAfter)
                let mayRepeat = backoff.count < limits.attempts && error.isTransient && .now + delay < end
                guard mayRepeat, repetition.allows(error) else { throw error.inDoubt(isInDoubt) }
                logger.debug(
                    "a Kubernetes request is sent again",
                    metadata: ["operation": "\(request.operation)", "kind": "\(error.kind.rawValue)"])
                try await Task.sleep(for: delay)
            }
        }
    }

    /// Sends a request and decodes its answer.
    func send<T: Decodable & Sendable>(
        _ type: T.Type, _ request: KubernetesRequest, _ repetition: Repetition
    ) async throws -> T {
        try decode(type, try await send(request, repetition), request)
    }

    /// Decodes an answer.
    func decode<T: Decodable>(_ type: T.Type, _ body: [UInt8], _ request: KubernetesRequest) throws -> T {
        do {
            return try JSON.decode(type, from: body, maximumSize: request.maximumAnswer)
        } catch {
            throw KubernetesError(
                .malformed, operation: request.operation, detail: "\(error)", leavesDoubt: request.method != .get)
        }
    }

    private func attempt(_ request: KubernetesRequest, within limit: Duration) async throws -> [UInt8] {
        let body = try await TimeLimit.run(limit) {
            let reader = try await self.open(request)
            var body: [UInt8] = []
            do {
                while let more = try await reader.next() {
                    body += more
                    guard body.count <= request.maximumAnswer else {
                        throw KubernetesError(
                            .malformed, operation: request.operation,
                            detail: "the answer has more than \(request.maximumAnswer) bytes", leavesDoubt: true)
                    }
                }
            } catch let error as KubernetesError {
                throw error
            } catch {
                try Task.checkCancellation()
                throw KubernetesError(error, operation: request.operation)
            }
            // A body that ends because of cancellation is no answer.
            try Task.checkCancellation()
            return body
        }
        guard let body else {
            throw KubernetesError(
                .timedOut, operation: request.operation, detail: "not within \(limit)", leavesDoubt: true)
        }
        return body
    }
}

extension KubernetesClient.Repetition {
    fileprivate func allows(_ error: KubernetesError) -> Bool {
        switch self {
        case .never: false
        case .untouched: !error.leavesDoubt
        // What makes no sense once will make none the next time.
        case .harmless: error.kind != .malformed && error.kind != .gone
        }
    }
}

extension KubernetesError {
    /// The same error, with the doubt that earlier attempts left.
    fileprivate func inDoubt(_ leavesDoubt: Bool) -> KubernetesError {
        KubernetesError(
            kind, operation: operation, status: status, detail: detail, leavesDoubt: leavesDoubt,
            retryAfter: retryAfter)
    }
}
