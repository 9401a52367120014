package import ObjectStorage

/// A store that fails on purpose, for drills.
package struct FaultyObjectStore: ObjectStore {
    private let store: any ObjectStore
    private let effect: FaultEffect

    /// Makes a store that fails.
    ///
    /// - Parameters:
    ///   - store: The one that does the work when it does not.
    ///   - effect: How it fails, at each operation.
    package init(_ store: any ObjectStore, effect: FaultEffect) {
        self.store = store
        self.effect = effect
    }

    package func put(
        _ key: ObjectKey, condition: PutCondition, body: @Sendable (any ObjectWriter) async throws -> Void
    ) async throws -> ObjectMetadata {
        try await strike(.put, key)
        return try await store.put(key, condition: condition, body: body)
    }

    package func get(_ key: ObjectKey, range: Range<Int64>?) async throws -> StoredObject {
        try await strike(.get, key)
        return try await store.get(key, range: range)
    }

    package func head(_ key: ObjectKey) async throws -> ObjectMetadata? {
        try await strike(.head, key)
        return try await store.head(key)
    }

    package func delete(_ keys: [ObjectKey]) async throws {
        try await strike(.delete, keys.first)
        try await store.delete(keys)
    }

    package func list(prefix: String) -> ObjectListing {
        let listing = store.list(prefix: prefix)
        return ObjectListing {
            let pages = OneByOne(listing)
            return {
                try await strike(.list, nil)
                return try await pages.next()
            }
        }
    }

    package func presign(
        _ access: PresignedAccess, _ key: ObjectKey, for lifetime: Duration
    ) async throws -> String {
        try await strike(.presign, key)
        return try await store.presign(access, key, for: lifetime)
    }

    private func strike(_ operation: ObjectStoreError.Operation, _ key: ObjectKey?) async throws {
        guard try await effect.strike() else { return }
        throw ObjectStoreError(.simulated, operation, key)
    }
}

/// The elements of a listing, a page each.
private actor OneByOne {
    private var iterator: ObjectListing.AsyncIterator

    init(_ listing: ObjectListing) { iterator = listing.makeAsyncIterator() }

    func next() async throws -> [ObjectMetadata]? {
        // The iterator is this actor's alone, and asked for one element at a time.
        var copy = iterator
        let element = try await copy.next()
        iterator = copy
        return element.map { [$0] }
    }
}
