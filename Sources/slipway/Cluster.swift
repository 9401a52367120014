import Kubernetes
import Logging
import Settings

/// The connection to the cluster that the settings name.
enum Cluster {
    /// Opens it; nothing is sent yet.
    ///
    /// - Parameter settings: Where it is.
    /// - Returns: The client, to be shut down when nobody uses it any more; nil where no setting needs a cluster.
    /// - Throws: ``StartError``, one line that names the setting.
    static func client(_ settings: Settings) throws(StartError) -> KubernetesClient? {
        guard settings.executor == .kubernetes || settings.ssh.hostKeysSecret != nil else { return nil }
        return KubernetesClient(configuration: try configuration(settings), logger: Logger(label: "kubernetes"))
    }

    /// Where the cluster is, and who we are there.
    ///
    /// - Throws: ``StartError``, one line that names the setting.
    static func configuration(_ settings: Settings) throws(StartError) -> KubernetesConfiguration {
        let context = settings.kubernetes.context
        do {
            return try KubernetesConfiguration.detect(
                kubeconfig: settings.kubernetes.kubeconfig, context: context.isEmpty ? nil : context,
                environment: ProcessEnvironment.variables)
        } catch {
            throw StartError("kubernetes: \(error)")
        }
    }
}
