/// What is read of a Job (Kubernetes API reference, "Job v1 batch").
struct JobObject: Decodable, Sendable, Equatable {
    struct Status: Decodable, Sendable, Equatable {
        var conditions: [ObjectCondition]?
    }

    var metadata: ObjectHead
    var status: Status?

    /// The condition that says that it has ended; nil while it runs.
    var end: ObjectCondition? {
        status?.conditions?.first { ["Complete", "Failed"].contains($0.type) && $0.isTrue }
    }

    func isOurs(_ build: String, of server: KubernetesServerIdentity) -> Bool {
        let labels = metadata.labels ?? [:]
        return labels[BuildLabels.build] == BuildLabels.value(build)
            && labels[BuildLabels.boot] == BuildLabels.value(server.boot)
    }
}
