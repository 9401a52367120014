/// A kind of objects, as the API's paths name it.
package struct ResourceKind: Sendable, Hashable {
    /// The API group, empty for the core group.
    package let group: String
    package let version: String
    /// As in `pods`.
    package let plural: String

    /// Names a kind.
    ///
    /// - Parameters:
    ///   - group: The API group, empty for the core group.
    ///   - version: As in `v1`.
    ///   - plural: As in `pods`.
    package init(group: String, version: String, plural: String) {
        self.group = group
        self.version = version
        self.plural = plural
    }

    package static let jobs = ResourceKind(group: "batch", version: "v1", plural: "jobs")
    package static let pods = ResourceKind(group: "", version: "v1", plural: "pods")
    package static let events = ResourceKind(group: "", version: "v1", plural: "events")
    package static let resourceQuotas = ResourceKind(group: "", version: "v1", plural: "resourcequotas")
    package static let secrets = ResourceKind(group: "", version: "v1", plural: "secrets")
    package static let configMaps = ResourceKind(group: "", version: "v1", plural: "configmaps")

    /// The path of all objects in a namespace.
    func path(namespace: String) -> String {
        let root = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
        return "\(root)/namespaces/\(namespace.pathSegment)/\(plural)"
    }

    /// The path of one object.
    func path(namespace: String, name: String) -> String {
        "\(path(namespace: namespace))/\(name.pathSegment)"
    }
}
