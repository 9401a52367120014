/// Which objects of a kind are meant.
struct Selection: Sendable {
    let kind: ResourceKind
    let namespace: String
    let labels: [String: String]
    let fields: [String: String]

    /// A request for them.
    ///
    /// - Parameters:
    ///   - verb: For its operation.
    ///   - maximumAnswer: Bytes.
    /// - Returns: The request, for more of a query to be added.
    func request(_ verb: String, maximumAnswer: Int) -> KubernetesRequest {
        var request = KubernetesRequest(
            method: .get, path: kind.path(namespace: namespace), operation: "\(verb) \(kind.plural) in \(namespace)",
            maximumAnswer: maximumAnswer)
        for (name, selector) in [("labelSelector", labels), ("fieldSelector", fields)] where !selector.isEmpty {
            let terms = selector.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            request.query.append((name: name, value: terms.joined(separator: ",")))
        }
        return request
    }
}
