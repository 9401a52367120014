/// Why there is no way to a cluster: what was looked at, what is wrong with it, what to do.
///
/// Never holds values.
package enum KubernetesConfigurationError: Error, Sendable, Equatable {
    /// Neither in a cluster nor a kubeconfig.
    case none
    /// A file cannot be read.
    case file(path: String, reason: String)
    /// A file is no kubeconfig.
    case content(path: String, reason: String)
    /// The kubeconfig has no such context, cluster or user.
    case missing(what: String, name: String, path: String)
    /// Something that is refused, or that is not there although it must.
    case unusable(what: String, reason: String)
}

extension KubernetesConfigurationError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .none:
            "no Kubernetes cluster is configured: this is no pod with a service account, KUBECONFIG is not set and "
                + "there is no ~/.kube/config; set kubernetes.kubeconfig"
        case .file(let path, let reason): "\(path.printable(300)) cannot be read: \(reason)"
        case .content(let path, let reason): "\(path.printable(300)) is no usable kubeconfig: \(reason)"
        case .missing(let what, let name, let path):
            "the kubeconfig \(path.printable(300)) has no \(what) named \"\(name.printable(100))\"; "
                + "look with: kubectl config view"
        case .unusable(let what, let reason): "\(what.printable(200)): \(reason)"
        }
    }
}
