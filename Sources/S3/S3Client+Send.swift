import Logging
import Synchronization

extension S3Client {
    /// Sends a call, again if need be, within the limits.
    ///
    /// - Parameters:
    ///   - request: The call.
    ///   - finish: Reads the body of a good answer; called anew for each attempt that gets one.
    /// - Returns: What `finish` returns.
    /// - Throws: ``S3Failure`` of the last attempt, `CancellationError`.
    func send<Success: Sendable>(
        _ request: S3Request, _ finish: @escaping @Sendable (S3Response) async throws -> Success
    ) async throws -> Success {
        var course = RetryCourse(configuration.limits, configuration.limits.patience(for: request))
        while true {
            try Task.checkCancellation()
            let credentials = try await credentials()
            course.begin()
            do {
                let value = try await attempt(request, credentials, followsDoubt: course.isInDoubt, finish)
                budget.succeed(afterRetry: course.attempts > 1)
                return value
            } catch var failure as S3Failure {
                course.note(failure)
                guard let delay = await remedy(failure, request, credentials, &course) else {
                    failure.attempts = course.attempts
                    failure.leavesDoubt = course.isInDoubt
                    failure.mayPass = request.operation == .uploadPart && lacksChecksums(failure, request)
                    throw failure
                }
                S3Metrics.countRetry(request.operation)
                logger.debug(
                    "S3 request is sent again",
                    metadata: [
                        "operation": "\(request.operation.rawValue)", "outcome": "\(failure.outcome)",
                        "attempt": "\(course.attempts)", "delay": "\(delay)",
                    ])
                try await Task.sleep(for: delay)
            }
        }
    }

    /// The credentials to sign with.
    ///
    /// - Parameter seconds: How long they should be valid, if longer than for a request that is sent at once.
    /// - Returns: The credentials.
    /// - Throws: ``S3Failure``, `CancellationError`.
    func credentials(lasting seconds: Int64? = nil) async throws -> S3Credentials {
        do {
            if let seconds { return try await provider.credentials(lasting: seconds) }
            return try await provider.credentials()
        } catch let error as CredentialsError {
            throw S3Failure(.credentials(error))
        }
    }

    /// Prepares the next attempt.
    ///
    /// - Returns: How long to wait before it; nil when there is none.
    private func remedy(
        _ failure: S3Failure, _ request: S3Request, _ credentials: S3Credentials, _ course: inout RetryCourse
    ) async -> Duration? {
        switch failure.cause {
        case .credentials, .nonsense: return nil
        case .transport(.notTrusted), .transport(.shutDown): return nil
        case .transport(let problem):
            if case .timedOut = problem { return course.delay(budget, isTimeOut: true) }
            return course.delay(budget)
        case .damaged: return course.delay(budget)
        case .answer(let answer):
            switch answer.remedy {
            case .none: return nil
            case .retry, .slowDown: return course.delay(budget, atLeast: answer.retryAfter)
            case .newTime:
                guard let date = answer.date else { return nil }
                if clock.learn(date) {
                    logger.warning(
                        "the clocks of this machine and of S3 differ; requests are signed with the server's time")
                }
                // Also when another request has learnt it meanwhile: this one was signed before.
                return course.once(.newTime)
            case .newCredentials:
                await provider.refused(credentials)
                guard let next = try? await provider.credentials(), next != credentials else { return nil }
                return course.once(.newCredentials)
            case .noChecksums:
                guard lacksChecksums(failure, request) else { return nil }
                if usesChecksums.exchange(false, ordering: .relaxed) {
                    logger.notice("this S3 server knows no checksums; content is checked by MD5 alone")
                }
                // An upload has checksums for all its parts or for none.
                return request.operation == .uploadPart ? nil : course.once(.noChecksums)
            }
        }
    }

    /// Whether a server does not know the checksums that a request had.
    ///
    /// One that does not know conditions answers the same to a request that has both: that says nothing of checksums.
    private func lacksChecksums(_ failure: S3Failure, _ request: S3Request) -> Bool {
        let isConditional = request.headers.contains { ["if-match", "if-none-match"].contains($0.name) }
        guard !isConditional, failure.answer?.remedy == .noChecksums else { return false }
        return request.headers.contains { $0.name.hasPrefix("x-amz-checksum-") }
    }
}
