import ObjectStorage

/// Walks the objects of a bucket in the order of their keys' bytes.
///
/// S3 lists in that order, page by page. A server that keeps "directories" together is read as far as fits in memory
/// and put in order here; where more is below a prefix, one "directory" after the other.
actor S3ListingWalk {
    private enum Item {
        case object(ObjectMetadata)
        /// All that is below it is still to be read.
        case prefix(String)

        var name: String {
            switch self {
            case .object(let item): item.key.rawValue
            case .prefix(let text): text
            }
        }
    }

    private let store: S3ObjectStore
    private let prefix: String
    private var isStarted = false
    /// Of a server that lists in order: the next page.
    private var token: String?
    private var last: ObjectKey?
    /// Of one that does not: what is still to do, last first.
    private var items: [Item] = []

    /// Makes a walk; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - store: The bucket.
    ///   - prefix: What all keys start with.
    init(_ store: S3ObjectStore, prefix: String) {
        self.store = store
        self.prefix = prefix
    }

    /// The next objects.
    ///
    /// - Returns: Some, or none though more follow; nil at the end.
    /// - Throws: ``ObjectStoreError``, `CancellationError`.
    func nextPage() async throws -> [ObjectMetadata]? {
        if !isStarted {
            isStarted = true
            // Servers may resolve ".." or "//"; no key has them.
            guard Self.canBegin(prefix) else { return nil }
            let page = try await store.page(prefix, after: nil)
            guard page.groupsDirectories else { return try plain(page) }
            items = try await read(prefix, page)
        } else if let token {
            return try plain(try await store.page(prefix, after: token))
        }
        while let item = items.popLast() {
            guard case .prefix(let text) = item else {
                items.append(item)
                return takeObjects()
            }
            items += try await read(text, try await store.page(text, after: nil))
        }
        return nil
    }

    private func plain(_ page: S3Page) throws -> [ObjectMetadata] {
        if let first = page.objects.first, let last, first.key <= last || page.groupsDirectories {
            throw ObjectStoreError(
                .unsupported, .list, text: prefix,
                detail: "bucket \(store.configuration.bucket): the server's listing is not in the order of the keys")
        }
        last = page.objects.last?.key ?? last
        token = page.next
        return page.objects
    }

    private func takeObjects() -> [ObjectMetadata] {
        var objects: [ObjectMetadata] = []
        while case .object(let object) = items.last {
            objects.append(object)
            items.removeLast()
        }
        return objects
    }

    /// Reads what is below a prefix: all of it if it fits, else the objects and "directories" right there.
    private func read(_ prefix: String, _ first: S3Page) async throws -> [Item] {
        var page = first
        var objects = page.objects
        while let next = page.next, objects.count < store.configuration.limits.sortedObjects {
            page = try await store.page(prefix, after: next)
            objects += page.objects
        }
        guard page.next != nil else { return Self.sorted(objects.map(Item.object)) }
        var here: [Item] = []
        var token: String?
        repeat {
            page = try await store.page(prefix, after: token, delimiter: "/")
            here += page.objects.map(Item.object) + page.prefixes.map(Item.prefix)
            token = page.next
        } while token != nil
        return Self.sorted(here)
    }

    private static func sorted(_ items: [Item]) -> [Item] {
        items.sorted { $1.name.utf8.lexicographicallyPrecedes($0.name.utf8) }
    }

    /// Whether a key can start with a text.
    private static func canBegin(_ prefix: String) -> Bool {
        // One more letter makes a key of what ends with "/".
        prefix.isEmpty || (try? ObjectKey(prefix)) != nil || (try? ObjectKey(prefix + "x")) != nil
    }
}
