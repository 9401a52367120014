import Foundation
import TestSupport

@testable import Kubernetes

/// There is no cluster for the tests that need one.
struct MissingCluster: Error, CustomStringConvertible {
    let reason: String

    var description: String { "\(reason): start one with scripts/testbed start, and set KUBECONFIG" }
}

/// The real cluster that `KUBECONFIG` names.
enum TestCluster {
    /// What the cluster's administrator may use.
    static func configuration() throws -> KubernetesConfiguration {
        let environment = ProcessInfo.processInfo.environment
        guard let path = environment["KUBECONFIG"], !path.isEmpty else {
            throw MissingCluster(reason: "KUBECONFIG is not set")
        }
        return try .detect(kubeconfig: nil, context: nil, environment: environment.filter { $0.key == "KUBECONFIG" })
    }

    /// The same cluster with a token instead.
    static func configuration(token: String) throws -> KubernetesConfiguration {
        try configuration(Login(source: .token(token)))
    }

    static func configuration(_ login: Login, server: String? = nil) throws -> KubernetesConfiguration {
        let admin = try configuration()
        return KubernetesConfiguration(
            server: server ?? admin.server, namespace: "default", origin: "test", trust: admin.trust, login: login)
    }

    /// Runs kubectl as the administrator.
    @discardableResult
    static func kubectl(_ arguments: String..., input: String = "") throws -> String {
        guard let path = ProcessInfo.processInfo.environment["KUBECONFIG"] else {
            throw MissingCluster(reason: "KUBECONFIG is not set")
        }
        let result = try Tool.run(["kubectl"] + arguments, input: Array(input.utf8), environment: ["KUBECONFIG": path])
        guard result.status == 0 else { throw MissingCluster(reason: "kubectl failed: \(result.errors)") }
        return result.text
    }

    /// Runs a test in a namespace of its own.
    static func withNamespace<R>(_ body: (String) async throws -> R) async throws -> R {
        let name = "client-test-\(UInt32.random(in: 0 ... .max))"
        try kubectl("create", "namespace", name)
        do {
            let result = try await body(name)
            try kubectl("delete", "namespace", name, "--wait=false")
            return result
        } catch {
            _ = try? kubectl("delete", "namespace", name, "--wait=false")
            throw error
        }
    }
}
