import Logging
import TestSupport

@testable import Kubernetes

/// Clients for tests.
enum TestClient {
    /// Limits that make tests short.
    static var limits: KubernetesLimits {
        var limits = KubernetesLimits()
        limits.firstDelay = .milliseconds(5)
        limits.maximumDelay = .milliseconds(100)
        limits.requestTime = .seconds(20)
        return limits
    }

    /// Runs work with a client of a server without credentials.
    static func with<R>(
        _ url: String, limits: KubernetesLimits = limits, _ body: (KubernetesClient) async throws -> R
    ) async throws -> R {
        try await with(try configuration(url), limits: limits, body)
    }

    /// Runs work with a client, and shuts it down whatever happens.
    static func with<R>(
        _ configuration: KubernetesConfiguration, limits: KubernetesLimits = limits,
        _ body: (KubernetesClient) async throws -> R
    ) async throws -> R {
        let client = KubernetesClient(
            configuration: configuration, limits: limits,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        do {
            let result = try await body(client)
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }

    /// Writes a kubeconfig with these lines of the cluster and the user, and reads it; without a user it is anonymous.
    static func configuration(
        _ url: String, cluster: [String] = [], user: [String] = [], environment: [String: String] = [:]
    ) throws -> KubernetesConfiguration {
        let directory = try TemporaryDirectory()
        var lines = ["current-context: c", "clusters:", "- name: k", "  cluster:", "    server: \(url)"]
        lines += cluster.map { "    \($0)" }
        lines += ["contexts:", "- name: c", "  context:", "    cluster: k"]
        if !user.isEmpty { lines += ["    user: u", "users:", "- name: u", "  user:"] + user.map { "    \($0)" } }
        try directory.write(lines.joined(separator: "\n"), to: "config")
        return try .kubeconfig([directory("config")], context: nil, environment: environment)
    }
}
