package import Kubernetes
import StrictYAML

/// What operators say of build pods: a part of a pod template, which is merged with what Slipway makes itself.
///
/// It is the operator's file; nothing of it comes from whoever pushes.
package struct PodTemplate: Sendable, Equatable {
    /// Larger than any template that people write; a ConfigMap holds 1 MiB.
    static let maximumSize = 256 << 10
    /// The deepest value that matters, `affinity` with its expressions, is 12 deep.
    static let file = TemplateShape.fields([
        "apiVersion": .text, "kind": .text, "metadata": .fields(["labels": .texts, "annotations": .texts]),
        "spec": spec,
    ])

    /// The file's name, for messages.
    package let name: String
    /// What stands in it.
    package let content: JSON

    /// Reads a template.
    ///
    /// - Parameters:
    ///   - text: YAML.
    ///   - name: For messages.
    /// - Throws: ``PodTemplateProblem``.
    init(_ text: String, name: String) throws(PodTemplateProblem) {
        self.name = name
        let root: YAMLNode
        do throws(YAMLProblem) {
            root = try StrictYAML.parse(text, maximumBytes: Self.maximumSize)
        } catch {
            throw PodTemplateProblem(file: name, line: error.line, reason: error.reason)
        }
        guard root.value != .null else {
            content = [:]
            return
        }
        content = try Self.file.json(root, name: "the template", file: name)
        try PodTemplateRules.check(root, content, file: name)
    }

    /// Whether the container `build` runs a command of the operator's own.
    var hasOwnCommand: Bool { build?["command"] != nil || build?["args"] != nil }

    private var build: JSON? {
        content["spec"]?["containers"]?.array?.first { $0["name"]?.string == BuildStep.build.rawValue }
    }

    private static let spec = TemplateShape.fields([
        "nodeSelector": .texts, "tolerations": .list(toleration), "affinity": .tree, "priorityClassName": .text,
        "preemptionPolicy": .text, "runtimeClassName": .text, "schedulerName": .text, "hostUsers": .bool,
        "imagePullSecrets": .list(.fields(["name": .text])), "topologySpreadConstraints": .list(.tree),
        "hostAliases": .list(.tree), "dnsPolicy": .text, "dnsConfig": .tree, "terminationGracePeriodSeconds": .integer,
        "securityContext": podSecurity, "volumes": .list(.tree), "containers": .list(container),
    ])

    private static let toleration = TemplateShape.fields([
        "key": .text, "operator": .text, "value": .text, "effect": .text, "tolerationSeconds": .integer,
    ])

    private static let container = TemplateShape.fields([
        "name": .text, "image": .text, "imagePullPolicy": .text, "command": .list(.text), "args": .list(.text),
        "env": .list(environment), "envFrom": .list(.tree), "resources": resources, "volumeMounts": .list(mount),
        "securityContext": security,
    ])

    private static let environment = TemplateShape.fields(["name": .text, "value": .text, "valueFrom": .tree])
    private static let resources = TemplateShape.fields(["requests": .texts, "limits": .texts])
    private static let mount = TemplateShape.fields([
        "name": .text, "mountPath": .text, "subPath": .text, "readOnly": .bool, "mountPropagation": .text,
    ])

    private static let profile = TemplateShape.fields(["type": .text, "localhostProfile": .text])
    private static let linux = TemplateShape.fields(["level": .text, "role": .text, "type": .text, "user": .text])

    private static let podSecurity = TemplateShape.fields([
        "runAsUser": .integer, "runAsGroup": .integer, "runAsNonRoot": .bool, "fsGroup": .integer,
        "fsGroupChangePolicy": .text, "supplementalGroups": .list(.integer), "seccompProfile": profile,
        "appArmorProfile": profile, "seLinuxOptions": linux,
        "sysctls": .list(.fields(["name": .text, "value": .text])),
    ])

    private static let security = TemplateShape.fields([
        "runAsUser": .integer, "runAsGroup": .integer, "runAsNonRoot": .bool, "allowPrivilegeEscalation": .bool,
        "privileged": .bool, "readOnlyRootFilesystem": .bool, "procMount": .text, "seccompProfile": profile,
        "appArmorProfile": profile, "seLinuxOptions": linux,
        "capabilities": .fields(["add": .list(.text), "drop": .list(.text)]),
    ])
}
