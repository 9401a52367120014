import Builds
import Kubernetes

extension KubernetesExecutor {
    /// Whether a build would find the API, the rights and the room that it needs; asks for the builds' namespace only.
    package func availability() async throws {
        do {
            try await withTimeLimit(configuration.timing.check) {
                try await withThrowingTaskGroup { group in
                    group.addTask { try await self.checkReadiness() }
                    group.addTask { try await self.rights.check(self.client) }
                    group.addTask { try await self.checkQuotas() }
                    try await group.waitForAll()
                }
            }
        } catch let error as KubernetesError {
            throw ExecutorUnavailable(error)
        } catch let error as TimeLimitError {
            throw ExecutorUnavailable(
                cause: "the Kubernetes API does not answer", detail: "\(client.configuration.server): \(error)")
        }
    }

    private func checkReadiness() async throws {
        do {
            try await client.isReady()
        } catch let error as KubernetesError where error.kind == .forbidden {
            // It answers; the rights that matter are asked for by name.
        }
    }

    private func checkQuotas() async throws {
        let quotas: KubernetesList<QuotaObject>
        do {
            quotas = try await client.list(QuotaObject.self, .resourceQuotas, namespace: configuration.namespace)
        } catch let error as KubernetesError where error.kind == .forbidden {
            // The rights say the same in better words.
            return
        }
        let demand = BuildDemand.smallest
        for quota in quotas.items {
            guard let shortage = quota.shortage(for: demand) else { continue }
            throw ExecutorUnavailable(
                cause: "its quota is used up (\(shortage))",
                detail: "ResourceQuota \(configuration.namespace)/\(quota.metadata.name): \(shortage)")
        }
    }
}
