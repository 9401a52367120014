import StrictYAML

/// A program that a kubeconfig names to get credentials: `exec`.
///
/// Source: Kubernetes documentation, "Authenticating", "client-go credential plugins".
struct CredentialPlugin: Sendable {
    /// The versions of the contract that are spoken; v1alpha1 is gone since 1.24.
    private static let versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]

    let version: String
    let command: String
    let arguments: [String]
    /// All of the environment that the program gets.
    let environment: [String: String]
    /// Where it is named, for errors.
    let origin: String
    /// What to do when the program is not there, as the kubeconfig says it.
    let installHint: String

    /// Reads the entry `exec` of a user.
    ///
    /// - Parameters:
    ///   - node: The entry.
    ///   - directory: Of the kubeconfig: relative paths are meant from it.
    ///   - origin: Where it is, for errors.
    ///   - environment: Of this process.
    ///   - cluster: What the program is told of the cluster if it wants to know.
    /// - Throws: ``KubernetesConfigurationError``.
    init(
        _ node: YAMLNode, directory: String, origin: String, environment: [String: String], cluster: JSON
    ) throws(KubernetesConfigurationError) {
        let what = "exec of \(origin)"
        self.origin = what
        version = node["apiVersion"]?.text ?? ""
        guard Self.versions.contains(version) else {
            throw .unusable(what: what, reason: "apiVersion has to be one of \(Self.versions.joined(separator: ", "))")
        }
        guard let name = node["command"]?.text else { throw .unusable(what: what, reason: "it has no command") }
        if node["interactiveMode"]?.text == "Always" {
            throw .unusable(what: what, reason: "interactiveMode is Always, and there is no terminal here")
        }
        command = name.contains("/") && !name.hasPrefix("/") ? directory + name : name
        arguments = (node["args"]?.items ?? []).map { $0.text ?? "" }
        installHint = node["installHint"]?.text ?? ""
        var spec: JSON = ["interactive": false]
        if node["provideClusterInfo"]?.truth == true { spec["cluster"] = cluster }
        var variables = environment
        for item in node["env"]?.items ?? [] {
            guard let name = item["name"]?.text else { throw .unusable(what: what, reason: "an env has no name") }
            variables[name] = item["value"]?.text ?? ""
        }
        let info: JSON = ["apiVersion": .string(version), "kind": "ExecCredential", "spec": spec]
        variables["KUBERNETES_EXEC_INFO"] = (try? info.encoded()).map { String(decoding: $0, as: UTF8.self) }
        self.environment = variables
    }
}
