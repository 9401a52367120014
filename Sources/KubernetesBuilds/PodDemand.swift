/// What a pod asks of a node: its containers together, or an init container that asks for more.
///
/// Source: Kubernetes documentation, "Init Containers", resource sharing within containers.
struct PodDemand: Sendable, Equatable {
    /// Sums by the name of the resource.
    let requests: [String: Quantity]
    let limits: [String: Quantity]

    init(of pod: PodObject) {
        requests = Self.sums(of: pod) { $0.requests }
        limits = Self.sums(of: pod) { $0.limits }
    }

    var cpu: Quantity { requests["cpu"] ?? Quantity(value: 0) }
    var memory: Quantity { requests["memory"] ?? Quantity(value: 0) }

    private static func sums(
        of pod: PodObject, _ amounts: (PodObject.Resources) -> [String: String]?
    ) -> [String: Quantity] {
        var sums: [String: Double] = [:]
        for container in pod.spec?.containers ?? [] {
            for (name, amount) in container.resources.flatMap(amounts) ?? [:] {
                sums[name, default: 0] += Quantity(amount)?.value ?? 0
            }
        }
        for container in pod.spec?.initContainers ?? [] {
            for (name, amount) in container.resources.flatMap(amounts) ?? [:] {
                sums[name] = max(sums[name] ?? 0, Quantity(amount)?.value ?? 0)
            }
        }
        return sums.mapValues(Quantity.init(value:))
    }
}
