import Kubernetes
import StrictYAML

/// What a pod template must not touch, although its fields are known.
enum PodTemplateRules {
    /// Checks a template that has the right shape.
    ///
    /// - Throws: ``PodTemplateProblem``.
    static func check(_ root: YAMLNode, _ content: JSON, file: String) throws(PodTemplateProblem) {
        try checkMetadata(root, file)
        guard let spec = root.member("spec") else { return }
        for volume in spec.member("volumes")?.items ?? [] { try checkVolume(volume, file) }
        var seen: Set<String> = []
        for container in spec.member("containers")?.items ?? [] {
            let name = container.member("name")?.text ?? ""
            guard let step = BuildStep(rawValue: name) else {
                let known = BuildStep.allCases.map(\.rawValue).joined(separator: ", ")
                throw PodTemplateProblem(
                    file: file, line: container.line,
                    reason: "there is no container \(name.quoted) in a build's pod; its containers are \(known)")
            }
            guard seen.insert(name).inserted else {
                throw PodTemplateProblem(
                    file: file, line: container.line, reason: "the container \(name) is written twice")
            }
            try checkContainer(container, step, file)
        }
    }

    private static func checkMetadata(_ root: YAMLNode, _ file: String) throws(PodTemplateProblem) {
        for group in ["labels", "annotations"] {
            guard case .map(let entries) = root.member("metadata")?.member(group)?.value else { continue }
            for entry in entries
            where entry.key.hasPrefix(BuildLabels.prefix) || BuildLabels.ours.keys.contains(entry.key) {
                throw PodTemplateProblem(
                    file: file, line: entry.line, reason: "\(entry.key.quoted) is one that Slipway sets itself")
            }
        }
    }

    private static func checkVolume(_ volume: YAMLNode, _ file: String) throws(PodTemplateProblem) {
        let name = volume.member("name")?.text ?? ""
        guard JobSpec.volumeNames.contains(name) else { return }
        // Its size is the operator's business, and which disk it is on; that it is there is ours.
        guard name == "workspace", case .map(let entries) = volume.value,
            entries.allSatisfy({ ["name", "emptyDir", "ephemeral"].contains($0.key) })
        else {
            throw PodTemplateProblem(
                file: file, line: volume.line,
                reason: """
                    the volume \(name.quoted) is Slipway's own; only of "workspace" emptyDir or ephemeral can be set
                    """)
        }
    }

    private static func checkContainer(
        _ container: YAMLNode, _ step: BuildStep, _ file: String
    ) throws(PodTemplateProblem) {
        if step != .build {
            for field in ["image", "command", "args", "envFrom"] {
                guard let value = container.member(field) else { continue }
                throw PodTemplateProblem(
                    file: file, line: value.line,
                    reason: "\(field) of \(step.rawValue) cannot be set: it is Slipway itself, kubernetes.image")
            }
        }
        for field in ["runAsUser", "runAsGroup"] {
            guard let value = container.member("securityContext")?.member(field) else { continue }
            throw PodTemplateProblem(
                file: file, line: value.line,
                reason: """
                    \(field) of one container cannot be set, since all share the workspace; \
                    set it for the pod (spec.securityContext)
                    """)
        }
        for variable in container.member("env")?.items ?? [] {
            let name = variable.member("name")?.text ?? ""
            guard name.hasPrefix("SLIPWAY_") else { continue }
            throw PodTemplateProblem(
                file: file, line: variable.line, reason: "names that begin with SLIPWAY_ are set by Slipway itself")
        }
        for mount in container.member("volumeMounts")?.items ?? [] {
            let path = mount.member("mountPath")?.text ?? ""
            // Below the source and the output there may be caches and the like; the workspace itself is ours.
            guard path == "/workspace" || path == "/workspace/" else { continue }
            throw PodTemplateProblem(
                file: file, line: mount.line, reason: "\(path) is where Slipway's own volume is mounted")
        }
    }
}

extension YAMLNode {
    fileprivate func member(_ key: String) -> YAMLNode? {
        guard case .map(let entries) = value else { return nil }
        return entries.first { $0.key == key }?.value
    }

    fileprivate var text: String? {
        if case .scalar(let text) = value { text } else { nil }
    }

    fileprivate var items: [YAMLNode] {
        if case .list(let items) = value { items } else { [] }
    }
}
