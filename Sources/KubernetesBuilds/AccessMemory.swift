import Builds
import Kubernetes
import Synchronization

/// What the builder needs to be allowed, and what the API has said of it lately.
///
/// Each question is a request; what was allowed a moment ago is not asked for with every push.
final class AccessMemory: Sendable {
    private let questions: [AccessQuestion]
    private let lifetime: Duration
    private let allowedUntil = Mutex<ContinuousClock.Instant?>(nil)

    init(_ configuration: KubernetesBuildConfiguration) {
        questions = Self.questions(in: configuration.namespace)
        lifetime = configuration.timing.accessMemory
    }

    /// Exactly what is used, and what the manifests' Role grants.
    static func questions(in namespace: String) -> [AccessQuestion] {
        func ask(_ verbs: [String], _ kind: ResourceKind, _ subresource: String = "") -> [AccessQuestion] {
            verbs.map { AccessQuestion($0, kind, subresource: subresource, namespace: namespace) }
        }
        return ask(["create", "get", "list", "watch", "delete"], .jobs) + ask(["get", "list", "watch"], .pods)
            + ask(["get"], .pods, "log") + ask(["list", "watch"], .events) + ask(["list"], .resourceQuotas)
    }

    /// - Throws: `ExecutorUnavailable` when something is not allowed; `KubernetesError`.
    func check(_ client: KubernetesClient) async throws {
        if let until = allowedUntil.withLock({ $0 }), .now < until { return }
        let denied = try await client.denied(of: questions)
        guard let first = denied.first else {
            allowedUntil.withLock { $0 = .now + lifetime }
            return
        }
        allowedUntil.withLock { $0 = nil }
        let what = first.subresource.isEmpty ? first.kind.plural : "\(first.kind.plural)/\(first.subresource)"
        throw ExecutorUnavailable(
            cause: "this builder may not \(first.verb) \(what) in its namespace",
            detail: """
                the cluster denies: \(denied.map(\.description).joined(separator: ", ")); \
                check the Role slipway-builder and its RoleBinding
                """,
            mayPass: false)
    }
}
