/// Which cluster, how to trust it, and how to log in.
package struct KubernetesConfiguration: Sendable {
    /// The URL of the API server, without a "/" at the end.
    package let server: String
    /// The namespace that the configuration names, `default` when none.
    package let namespace: String
    /// Where it comes from, for messages.
    package let origin: String
    let trust: ServerTrust
    let login: Login

    /// Finds the cluster, in this order: a kubeconfig that is named, the pod that this process runs in, the files of
    /// `KUBECONFIG`, `~/.kube/config`.
    ///
    /// - Parameters:
    ///   - kubeconfig: A path; nil or empty when none is named.
    ///   - context: A context of the kubeconfig; nil or empty for its current one.
    ///   - environment: Of this process.
    /// - Returns: The configuration; the server has not been asked.
    /// - Throws: ``KubernetesConfigurationError``.
    package static func detect(
        kubeconfig: String?, context: String?, environment: [String: String]
    ) throws(KubernetesConfigurationError) -> Self {
        if let kubeconfig, !kubeconfig.isEmpty {
            return try self.kubeconfig([kubeconfig], context: context, environment: environment)
        }
        if context?.isEmpty != false, isInCluster(environment) { return try inCluster(environment: environment) }
        let paths = (environment["KUBECONFIG"] ?? "").split(separator: ":").map(String.init)
        if !paths.isEmpty { return try self.kubeconfig(paths, context: context, environment: environment) }
        if let home = environment["HOME"], !home.isEmpty, SmallFile.exists("\(home)/.kube/config") {
            return try self.kubeconfig(["\(home)/.kube/config"], context: context, environment: environment)
        }
        throw .none
    }
}
