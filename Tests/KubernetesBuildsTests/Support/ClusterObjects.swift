import TestSupport

@testable import Kubernetes

/// What tests make in a cluster besides builds.
enum ClusterObjects {
    struct Head: Decodable, Sendable {
        struct Metadata: Decodable, Sendable { let name: String }

        let metadata: Metadata
    }

    struct Account: Decodable, Sendable {
        struct Secret: Decodable, Sendable { let name: String? }

        let secrets: [Secret]?
    }

    static let accounts = ResourceKind(group: "", version: "v1", plural: "serviceaccounts")

    /// Makes a namespace, and waits until pods can be made in it.
    static func create(_ client: KubernetesClient, _ name: String, _ quota: JSON?) async throws {
        let namespace: JSON = ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]]
        _ = try await client.send(
            KubernetesRequest(
                method: .post, path: "/api/v1/namespaces", body: try namespace.encoded(),
                operation: "create a namespace", maximumAnswer: 1 << 20),
            .untouched)
        if let quota { _ = try await client.create(Head.self, .resourceQuotas, quota, namespace: name) }
        try await eventually("a service account in \(name)") {
            try await client.get(Account.self, accounts, namespace: name, name: "default") != nil
        }
    }

    static func deleteNamespace(_ client: KubernetesClient, _ name: String) async throws {
        _ = try await client.send(
            KubernetesRequest(
                method: .delete, path: "/api/v1/namespaces/\(name)", operation: "delete a namespace",
                maximumAnswer: 1 << 20),
            .untouched)
    }

    static func quota(_ hard: JSON) -> JSON {
        ["apiVersion": "v1", "kind": "ResourceQuota", "metadata": ["name": "builds"], "spec": ["hard": hard]]
    }
}
