/// What following a log needs to know of a pod.
struct FollowedPod: Decodable, Sendable {
    struct Metadata: Decodable { let uid: String }
    struct Spec: Decodable {
        let containers: [Container]?
        let initContainers: [Container]?
    }
    struct Container: Decodable { let name: String }
    struct Status: Decodable {
        let phase: String?
        let containerStatuses: [ContainerStatus]?
        let initContainerStatuses: [ContainerStatus]?
    }
    struct ContainerStatus: Decodable {
        struct State: Decodable {
            struct Mark: Decodable {}
            let running: Mark?
            let terminated: Mark?
        }

        let name: String
        let restartCount: Int?
        let state: State?
    }

    /// What a container is doing.
    enum Stage: Equatable {
        /// The pod has no container of that name.
        case unknown
        case waiting
        case running
        case ended
        /// The pod has ended and the container with it, without having run.
        case neverStarted
    }

    let metadata: Metadata
    let spec: Spec
    let status: Status?

    /// What a container is doing, and how often it was restarted.
    func stage(of name: String) -> (stage: Stage, restarts: Int) {
        let names = (spec.containers ?? []) + (spec.initContainers ?? [])
        guard names.contains(where: { $0.name == name }) else { return (.unknown, 0) }
        let statuses = (status?.containerStatuses ?? []) + (status?.initContainerStatuses ?? [])
        let found = statuses.first { $0.name == name }
        let restarts = found?.restartCount ?? 0
        if found?.state?.terminated != nil { return (.ended, restarts) }
        let isOver = status?.phase == "Succeeded" || status?.phase == "Failed"
        if found?.state?.running != nil { return (isOver ? .ended : .running, restarts) }
        return (isOver ? .neverStarted : .waiting, restarts)
    }
}
