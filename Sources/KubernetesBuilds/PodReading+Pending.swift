/// Why nothing runs yet.
extension PodReading {
    /// Why there is no pod.
    var creationProblem: PendingReason? {
        guard let message = picture.event("FailedCreate")?.message else { return nil }
        if message.contains("exceeded quota") {
            return PendingReason(.quota, "The namespace's quota is used up: \(Self.quota(message))")
        }
        return PendingReason(
            .configuration, "The cluster does not accept the build's pod: \(Self.line(Self.afterColon(message)))")
    }

    /// Why a container does not run.
    func waiting(for step: BuildStep, _ waiting: PodObject.Waiting?, in pod: PodObject) -> PendingReason? {
        if let scheduling = schedulingProblem(of: pod) { return scheduling }
        let image = (pod.container(step.rawValue)?.image ?? "").oneLine(200)
        let message = Self.line(waiting?.message)
        switch waiting?.reason {
        case "ErrImagePull", "ImagePullBackOff", "RegistryUnavailable", "ImageInspectError":
            return imageProblem(image, waiting?.message)
        case "InvalidImageName":
            return PendingReason(.noImage, "The image's name \(image) is not valid")
        case "ErrImageNeverPull":
            return PendingReason(.noImage, "The image \(image) is not on the node, and its template forbids to pull it")
        case "CreateContainerConfigError":
            return PendingReason(
                .configuration, "The container \(step.rawValue) lacks something that its template names: \(message)")
        case "CreateContainerError", "RunContainerError":
            return PendingReason(.node, "The node cannot start the container \(step.rawValue): \(message)")
        default: return nodeProblem(image)
        }
    }

    private func schedulingProblem(of pod: PodObject) -> PendingReason? {
        guard let condition = pod.condition("PodScheduled"), condition.status == "False" else { return nil }
        // What preemption would change is of no use to whoever waits.
        let message = Self.line((condition.message ?? "").components(before: " preemption:"))
        let lack = Self.lack(in: message, PodDemand(of: pod))
        let details = message.isEmpty ? "" : " (\(message.trimmingEnd(".")))"
        return PendingReason(.scheduling, "\(PendingReason.waiting)\(lack)\(details)")
    }

    /// What no node has, of what the scheduler says of all of them (as in its plugins' messages).
    private static func lack(in message: String, _ demand: PodDemand) -> String {
        if message.contains("Insufficient cpu") { return "no node has \(demand.cpu.cpus) free" }
        if message.contains("Insufficient memory") { return "no node has \(demand.memory.bytes) of memory free" }
        if message.contains("Insufficient ephemeral-storage") { return "no node has enough disk free" }
        if message.contains("Insufficient ") { return "no node has all that the pod asks for" }
        if message.contains("Too many pods") { return "all nodes have as many pods as they take" }
        if message.contains("affinity") || message.contains("node selector") {
            return "no node is one that the pod's template names"
        }
        if message.contains("taint") { return "the nodes' taints keep the pod away" }
        if message.contains("unschedulable") { return "the nodes take no pods at the moment" }
        if message.contains("no nodes available") { return "the cluster has no nodes" }
        return "no node takes the pod at the moment"
    }

    /// The registry's words come in an event; the container's own message is about the waiting only.
    private func imageProblem(_ image: String, _ message: String?) -> PendingReason {
        let failure = picture.events.last {
            $0.reason == "Failed" && ($0.message ?? "").hasPrefix("Failed to pull image")
        }
        let words = Self.registryWords(failure?.message ?? message ?? "")
        let kind: PendingReason.Kind = Self.isRefusal(words) ? .noImage : .image
        return PendingReason(kind, "The image \(image) cannot be pulled\(words.isEmpty ? "" : ": \(words)")")
    }

    /// What is left when the layers above the registry are taken off: they repeat the image's name.
    static func registryWords(_ text: String) -> String {
        var words = text[...]
        for marker in ["desc = ", "failed to pull and unpack image ", "failed to resolve reference "] {
            guard let found = words.firstRange(of: marker) else { continue }
            words = words[found.upperBound...]
            if words.hasPrefix("\""), let end = words.firstRange(of: "\": ") { words = words[end.upperBound...] }
        }
        return line(String(words))
    }

    /// Whether trying again will not help: there is no such image, or it is not for us.
    private static func isRefusal(_ words: String) -> Bool {
        let text = words.lowercased()
        return [
            "not found", "notfound", "manifest unknown", "does not exist", "denied", "unauthorized", "forbidden",
            "authentication required", "no basic auth", "invalid reference", "authorization failed",
        ].contains { text.contains($0) }
    }

    /// What the node says last while a container is being made.
    private func nodeProblem(_ image: String) -> PendingReason? {
        guard
            let event = picture.event(
                "Pulling", "Pulled", "Created", "Started", "FailedMount", "FailedCreatePodSandBox", "FailedAttachVolume"
            )
        else { return nil }
        let message = Self.line(event.message)
        switch event.reason {
        case "Pulling":
            let name = message.split(separator: "\"").dropFirst().first.map(String.init) ?? image
            return PendingReason(.pulling, "Pulling the image \(name)")
        case "FailedMount", "FailedAttachVolume":
            if let problem = registrySecretProblem(message) { return problem }
            let kind: PendingReason.Kind = message.contains("not found") ? .configuration : .node
            return PendingReason(kind, "A volume of the build's pod cannot be mounted: \(message)")
        case "FailedCreatePodSandBox": return PendingReason(.node, "The node cannot start the pod: \(message)")
        default: return nil
        }
    }

    /// What is wrong with the Secret that images are pushed with (kubelet's `MountVolume.SetUp failed for volume "X" : …`).
    ///
    /// Where each app has its own, that of a new app is easily forgotten.
    private func registrySecretProblem(_ message: String) -> PendingReason? {
        guard message.contains("volume \"\(JobSpec.registryVolume)\""), let name = registrySecret else { return nil }
        let whose = "The Secret \(name.oneLine(253)), with which this app's images are pushed,"
        if message.contains("references non-existent secret key") {
            return PendingReason(
                .configuration,
                "\(whose) has no .dockerconfigjson; the operator has to make it as kubernetes.io/dockerconfigjson")
        }
        guard message.contains("not found") else { return nil }
        return PendingReason(
            .configuration, "\(whose) is not in the builds' namespace; the operator has to make it")
    }

    private var registrySecret: String? {
        picture.pod?.spec?.volumes?.first { $0.name == JobSpec.registryVolume }?.secret?.secretName
    }

    /// `exceeded quota: NAME, requested: A, used: B, limited: C` without the name of the pod that is not there.
    private static func quota(_ message: String) -> String {
        let text = line(message)
        guard let found = text.firstRange(of: "exceeded quota: ") else { return text }
        return String(text[found.upperBound...])
    }

    /// `Error creating: pods "…" is forbidden: REASON`: the reason.
    private static func afterColon(_ message: String) -> String {
        guard let found = message.firstRange(of: "is forbidden: ") else { return message }
        return String(message[found.upperBound...])
    }
}

extension String {
    fileprivate func components(before mark: String) -> String {
        firstRange(of: mark).map { String(self[..<$0.lowerBound]) } ?? self
    }

    fileprivate func trimmingEnd(_ end: String) -> String { hasSuffix(end) ? String(dropLast(end.count)) : self }
}
