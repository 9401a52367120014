/// The changes of some objects, for as long as somebody reads them.
///
/// It never ends by itself: it lists, watches, goes on where it was after a cut, and lists again when the server has
/// forgotten that place. Only the reader's task ends it, by cancellation, or by letting go of the iterator.
package struct KubernetesWatch<Object: Decodable & Sendable>: AsyncSequence, Sendable {
    package typealias Element = WatchEvent<Object>

    let client: KubernetesClient
    let selection: Selection

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(client, selection) }
}

extension KubernetesClient {
    /// Watches objects.
    ///
    /// - Parameters:
    ///   - type: What to read of each.
    ///   - kind: Their kind.
    ///   - namespace: Where they are.
    ///   - labels: What labels they have to have.
    ///   - fields: What fields they have to have.
    /// - Returns: A sequence that begins with ``WatchEvent/listed(_:)``; nothing is sent until it is read.
    package func watch<T: Decodable & Sendable>(
        _ type: T.Type, _ kind: ResourceKind, namespace: String, labels: [String: String] = [:],
        fields: [String: String] = [:]
    ) -> KubernetesWatch<T> {
        KubernetesWatch(
            client: self,
            selection: Selection(kind: kind, namespace: namespace, labels: labels, fields: fields))
    }
}
