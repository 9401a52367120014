extension KubernetesClient {
    /// Reads one object.
    ///
    /// - Parameters:
    ///   - type: What to read of it.
    ///   - kind: Its kind.
    ///   - namespace: Where it is.
    ///   - name: Its name.
    /// - Returns: nil when there is no such object.
    /// - Throws: ``KubernetesError``, `CancellationError`.
    package func get<T: Decodable & Sendable>(
        _ type: T.Type, _ kind: ResourceKind, namespace: String, name: String
    ) async throws -> T? {
        try await get(type, kind, namespace: namespace, name: name, .harmless)
    }

    func get<T: Decodable & Sendable>(
        _ type: T.Type, _ kind: ResourceKind, namespace: String, name: String, _ repetition: Repetition
    ) async throws -> T? {
        let request = KubernetesRequest(
            method: .get, path: kind.path(namespace: namespace, name: name),
            operation: "get \(kind.plural) \(namespace)/\(name)", maximumAnswer: limits.objectSize)
        do {
            return try await send(type, request, repetition)
        } catch let error as KubernetesError where error.isMissingObject {
            return nil
        }
    }

    /// Creates an object.
    ///
    /// It is sent again only when the server has certainly not begun with it. When an error ``KubernetesError/leavesDoubt``
    /// the object may be there: look, by a name of the caller's own.
    ///
    /// - Parameters:
    ///   - type: What to read of the created object.
    ///   - kind: Its kind.
    ///   - object: All of it.
    ///   - namespace: Where it shall be.
    /// - Returns: The object as the server keeps it.
    /// - Throws: ``KubernetesError``, `CancellationError`.
    package func create<T: Decodable & Sendable>(
        _ type: T.Type, _ kind: ResourceKind, _ object: JSON, namespace: String
    ) async throws -> T {
        let operation = "create \(kind.plural) in \(namespace)"
        let body: [UInt8]
        do {
            body = try object.encoded()
        } catch {
            throw KubernetesError(.invalid, operation: operation, detail: "\(error)")
        }
        guard body.count <= limits.objectSize else {
            throw KubernetesError(
                .invalid, operation: operation, detail: "the object has more than \(limits.objectSize) bytes")
        }
        let request = KubernetesRequest(
            method: .post, path: kind.path(namespace: namespace), body: body, operation: operation,
            maximumAnswer: limits.objectSize)
        return try await send(type, request, .untouched)
    }

    /// Deletes an object.
    ///
    /// - Parameters:
    ///   - kind: Its kind.
    ///   - namespace: Where it is.
    ///   - name: Its name.
    ///   - uid: The object that is meant; one of the same name that came later is left alone. Nil for any.
    ///   - propagation: What becomes of the objects that it owns.
    /// - Returns: False when there is none, or another one by that name.
    /// - Throws: ``KubernetesError``, `CancellationError`.
    @discardableResult
    package func delete(
        _ kind: ResourceKind, namespace: String, name: String, uid: String? = nil,
        propagation: Propagation = .background
    ) async throws -> Bool {
        var options: JSON = [
            "apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": .string(propagation.rawValue),
        ]
        if let uid { options["preconditions"] = ["uid": .string(uid)] }
        let operation = "delete \(kind.plural) \(namespace)/\(name)"
        let body = (try? options.encoded()) ?? []
        let request = KubernetesRequest(
            method: .delete, path: kind.path(namespace: namespace, name: name), body: body, operation: operation,
            maximumAnswer: limits.objectSize)
        do {
            // Without a uid a second attempt could delete what was created after the first: only when untouched.
            _ = try await send(request, uid == nil ? .untouched : .harmless)
            return true
        } catch let error as KubernetesError where error.isMissingObject || (uid != nil && error.kind == .conflict) {
            return false
        }
    }
}

extension KubernetesError {
    /// Whether a 404 is about the object, and not about a path that the server does not know.
    fileprivate var isMissingObject: Bool { kind == .notFound && status?.reason == "NotFound" }
}
