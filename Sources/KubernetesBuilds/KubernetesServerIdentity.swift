/// Which server's builds are whose, when several share a namespace.
package struct KubernetesServerIdentity: Sendable, Equatable {
    /// The pod that this server runs in; outside of a cluster, a name that no other server on this cluster has.
    package let name: String
    /// The namespace of that pod; nil outside of a cluster.
    package let namespace: String?
    /// The uid of that pod; nil where it is not known.
    package let uid: String?
    /// New with each start of the process.
    package let boot: String

    package init(name: String, namespace: String? = nil, uid: String? = nil, boot: String) {
        self.name = name
        self.namespace = namespace
        self.uid = uid
        self.boot = boot
    }
}
