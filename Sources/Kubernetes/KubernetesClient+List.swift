extension KubernetesClient {
    /// How often a list begins anew when the server forgets it between two pages (after five minutes by default).
    private static let listAttempts = 3

    /// Lists objects, page by page, in memory as a whole.
    ///
    /// - Parameters:
    ///   - type: What to read of each.
    ///   - kind: Their kind.
    ///   - namespace: Where they are.
    ///   - labels: What labels they have to have.
    ///   - fields: What fields they have to have, as `status.phase`; the server knows few.
    ///   - pageSize: Objects of one page; nil for the usual number.
    /// - Returns: All of them.
    /// - Throws: ``KubernetesError``, also when there are more than the limits allow; `CancellationError`.
    package func list<T: Decodable & Sendable>(
        _ type: T.Type, _ kind: ResourceKind, namespace: String, labels: [String: String] = [:],
        fields: [String: String] = [:], pageSize: Int? = nil
    ) async throws -> KubernetesList<T> {
        let selection = Selection(kind: kind, namespace: namespace, labels: labels, fields: fields)
        return try await list(type, selection, pageSize: pageSize ?? limits.pageSize, .harmless)
    }

    func list<T: Decodable & Sendable>(
        _ type: T.Type, _ selection: Selection, pageSize: Int, _ repetition: Repetition
    ) async throws -> KubernetesList<T> {
        var attempt = 1
        while true {
            do {
                return try await pages(type, selection, pageSize: pageSize, repetition)
            } catch let error as KubernetesError where error.kind == .gone && attempt < Self.listAttempts {
                attempt += 1
            }
        }
    }

    private func pages<T: Decodable & Sendable>(
        _ type: T.Type, _ selection: Selection, pageSize: Int, _ repetition: Repetition
    ) async throws -> KubernetesList<T> {
        var items: [T] = []
        var bytes = 0
        var token = ""
        while true {
            var request = selection.request("list", maximumAnswer: limits.pageBytes)
            request.query.append((name: "limit", value: "\(pageSize)"))
            if !token.isEmpty { request.query.append((name: "continue", value: token)) }
            let body = try await send(request, repetition)
            let page = try decode(KubernetesList<T>.Page.self, body, request)
            bytes += body.count
            items += page.items ?? []
            guard bytes <= limits.listBytes, items.count <= limits.listedObjects else {
                throw KubernetesError(
                    .malformed, operation: request.operation,
                    detail: "there are more than \(limits.listedObjects) objects or \(limits.listBytes) bytes")
            }
            let next = page.metadata.continue ?? ""
            if next.isEmpty {
                return KubernetesList(items: items, resourceVersion: page.metadata.resourceVersion ?? "")
            }
            // A server that gives the same token again would keep us here for ever.
            guard next != token else {
                throw KubernetesError(.malformed, operation: request.operation, detail: "the same page came twice")
            }
            token = next
        }
    }
}
