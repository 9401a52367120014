import Synchronization

extension KubernetesClient {
    private static let smallAnswer = 64 << 10

    /// Asks whether the API server is ready; once, without a retry.
    ///
    /// - Throws: ``KubernetesError`` when it is not, `CancellationError`.
    package func isReady() async throws {
        let request = KubernetesRequest(
            method: .get, path: "/readyz", operation: "ask whether the API server is ready",
            maximumAnswer: Self.smallAnswer)
        _ = try await send(request, .never(within: limits.checkTime))
    }

    /// Asks for the server's version; once, without a retry.
    ///
    /// - Throws: ``KubernetesError``, `CancellationError`.
    package func version() async throws -> KubernetesVersion {
        let request = KubernetesRequest(
            method: .get, path: "/version", operation: "ask for the API server's version",
            maximumAnswer: Self.smallAnswer)
        let wire = try await send(KubernetesVersion.Wire.self, request, .never(within: limits.checkTime))
        let version = KubernetesVersion(wire)
        knownVersion.withLock { $0 = version }
        return version
    }

    /// Asks what of this the client may not do; all at once, each once, without a retry.
    ///
    /// Everybody may ask this of himself (SelfSubjectAccessReview).
    ///
    /// - Parameter questions: What it wants to do.
    /// - Returns: What is denied, in the order of the questions.
    /// - Throws: ``KubernetesError``, `CancellationError`.
    package func denied(of questions: [AccessQuestion]) async throws -> [AccessQuestion] {
        let denied = try await withThrowingTaskGroup(of: AccessQuestion?.self) { group in
            for question in questions {
                group.addTask { try await self.isAllowed(question) ? nil : question }
            }
            var denied: Set<AccessQuestion> = []
            for try await question in group { if let question { denied.insert(question) } }
            return denied
        }
        return questions.filter(denied.contains)
    }

    private func isAllowed(_ question: AccessQuestion) async throws -> Bool {
        struct Review: Decodable {
            struct Status: Decodable { let allowed: Bool }

            let status: Status
        }
        let request = KubernetesRequest(
            method: .post, path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            body: (try? question.review.encoded()) ?? [], operation: "ask for the right to \(question)",
            maximumAnswer: Self.smallAnswer)
        return try await send(Review.self, request, .never(within: limits.checkTime)).status.allowed
    }
}
