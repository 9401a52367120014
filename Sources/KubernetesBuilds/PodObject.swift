/// What is read of a pod.
///
/// Source: Kubernetes API reference, "Pod v1 core". Everything is optional: a pod that looks odd is no reason to lose a build.
struct PodObject: Decodable, Sendable, Equatable {
    struct Spec: Decodable, Sendable, Equatable {
        var containers: [Container]?
        var initContainers: [Container]?
        var nodeName: String?
        var volumes: [Volume]?
    }

    struct Volume: Decodable, Sendable, Equatable {
        struct Secret: Decodable, Sendable, Equatable { var secretName: String? }

        var name: String
        var secret: Secret?
    }

    struct Container: Decodable, Sendable, Equatable {
        var name: String
        var image: String?
        var resources: Resources?
    }

    struct Resources: Decodable, Sendable, Equatable {
        var requests: [String: String]?
        var limits: [String: String]?
    }

    struct Status: Decodable, Sendable, Equatable {
        var phase: String?
        var reason: String?
        var message: String?
        var conditions: [ObjectCondition]?
        var containerStatuses: [ContainerStatus]?
        var initContainerStatuses: [ContainerStatus]?
    }

    struct ContainerStatus: Decodable, Sendable, Equatable {
        var name: String
        var state: State?
    }

    struct State: Decodable, Sendable, Equatable {
        var waiting: Waiting?
        var running: Running?
        var terminated: Terminated?
    }

    struct Waiting: Decodable, Sendable, Equatable {
        var reason: String?
        var message: String?
    }

    struct Running: Decodable, Sendable, Equatable {}

    struct Terminated: Decodable, Sendable, Equatable {
        var exitCode: Int32?
        var signal: Int32?
        var reason: String?
        var message: String?

        /// Whether nothing of the container has run at all.
        var isStartProblem: Bool { ["StartError", "ContainerCannotRun"].contains(reason) }
    }

    var metadata: ObjectHead
    var spec: Spec?
    var status: Status?

    /// What a container is doing; nil while the node has said nothing of it.
    func state(of step: BuildStep) -> State? {
        let all = (status?.initContainerStatuses ?? []) + (status?.containerStatuses ?? [])
        return all.first { $0.name == step.rawValue }?.state
    }

    /// Whether the recipe runs, or has run.
    var hasRun: Bool {
        let state = state(of: .build)
        return state?.running != nil || state?.terminated.map { !$0.isStartProblem } ?? false
    }

    /// Whether it is one that this Job made, and not a Job of the same name before it.
    func belongs(to job: JobObject?) -> Bool {
        guard let uid = job?.metadata.uid else { return true }
        let owners =
            (metadata.ownerReferences ?? []).compactMap(\.uid) + [metadata.labels?["controller-uid"]].compactMap(\.self)
        return owners.isEmpty || owners.contains(uid)
    }

    /// Whether it shows for certain if the recipe has run: a node that ends a pod may forget what its containers did.
    var isCertain: Bool {
        hasRun || spec?.nodeName == nil
            || metadata.deletionTimestamp == nil && !["Succeeded", "Failed"].contains(status?.phase)
    }

    /// A container as it was asked for.
    func container(_ name: String) -> Container? {
        ((spec?.initContainers ?? []) + (spec?.containers ?? [])).first { $0.name == name }
    }

    func condition(_ type: String) -> ObjectCondition? { status?.conditions?.first { $0.type == type } }
}
