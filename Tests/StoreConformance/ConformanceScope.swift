package import ObjectStorage
package import Testing

/// A store and the prefix that one case of the conformance suite works under.
package struct ConformanceScope: Sendable {
    let store: any ObjectStore
    let prefix: String

    package init(store: any ObjectStore, prefix: String) {
        self.store = store
        self.prefix = prefix
    }

    func key(_ name: String) throws -> ObjectKey { try ObjectKey(prefix + "/" + name) }

    /// Keys below the prefix, without it.
    func names(_ rest: String = "/") async throws -> [String] {
        var names: [String] = []
        for try await item in store.list(prefix: prefix + rest) {
            names.append(String(item.key.rawValue.dropFirst(prefix.count + 1)))
        }
        return names
    }

    func clear() async throws {
        var keys: [ObjectKey] = []
        for try await item in store.list(prefix: prefix + "/") { keys.append(item.key) }
        try await store.delete(keys)
    }

    /// Expects an error of one kind, and that its words are fit for users.
    package func expect(
        _ kind: ObjectStoreError.Kind, sourceLocation: SourceLocation = #_sourceLocation,
        _ work: () async throws -> Void
    ) async {
        do {
            try await work()
            Issue.record("expected an error of kind \(kind)", sourceLocation: sourceLocation)
        } catch let error as ObjectStoreError {
            #expect(error.kind == kind, "\(error)", sourceLocation: sourceLocation)
            #expect(error.description.contains(error.key ?? ""), sourceLocation: sourceLocation)
        } catch {
            Issue.record("expected kind \(kind), not \(error)", sourceLocation: sourceLocation)
        }
    }

    package static func pattern(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    }
}
