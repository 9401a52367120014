extension KubernetesConfiguration {
    /// Where a pod finds its service account.
    package static let serviceAccountDirectory = "/var/run/secrets/kubernetes.io/serviceaccount"

    /// Whether this process runs in a pod that may use the API.
    static func isInCluster(_ environment: [String: String], directory: String = serviceAccountDirectory) -> Bool {
        environment["KUBERNETES_SERVICE_HOST"]?.isEmpty == false && SmallFile.exists("\(directory)/token")
    }

    /// Takes what every pod with a service account is given.
    ///
    /// Source: Kubernetes documentation, "Accessing the Kubernetes API from a Pod".
    ///
    /// - Parameters:
    ///   - environment: Of this process: `KUBERNETES_SERVICE_HOST`, `KUBERNETES_SERVICE_PORT`.
    ///   - directory: Where the service account is mounted.
    /// - Returns: The configuration; its token and authority are read anew as the kubelet replaces them.
    /// - Throws: ``KubernetesConfigurationError``.
    package static func inCluster(
        environment: [String: String], directory: String = serviceAccountDirectory
    ) throws(KubernetesConfigurationError) -> Self {
        guard let host = environment["KUBERNETES_SERVICE_HOST"], !host.isEmpty else {
            throw .unusable(what: "KUBERNETES_SERVICE_HOST", reason: "it is not set: this process runs in no pod")
        }
        let port = environment["KUBERNETES_SERVICE_PORT"] ?? "443"
        // IPv6 addresses stand in brackets in URLs.
        let server = try ServerURL.normalized("https://\(host.contains(":") ? "[\(host)]" : host):\(port)")
        let token = "\(directory)/token"
        guard SmallFile.exists(token) else {
            throw .unusable(
                what: token, reason: "it is not there: the pod needs automountServiceAccountToken and a service account"
            )
        }
        let authority = try SmallFile.bytes("\(directory)/ca.crt")
        let namespace = (try? SmallFile.text("\(directory)/namespace")) ?? ""
        return KubernetesConfiguration(
            server: server, namespace: namespace.isEmpty ? "default" : namespace,
            origin: "the pod's service account",
            trust: try ServerTrust(
                authority: authority, origin: "\(directory)/ca.crt", file: "\(directory)/ca.crt"),
            login: Login(source: .tokenFile(token)))
    }
}
