import Synchronization

extension FileObjectStore {
    /// Objects described by one job on the thread pool.
    private static let pageSize = 256

    package func list(prefix: String) -> ObjectListing {
        ObjectListing { [self] in
            let walk = Walk(FileListing(layout, prefix: prefix))
            return { [self] in
                try await run(.list, prefix) { try walk.nextPage(Self.pageSize) }
            }
        }
    }
}

/// One iteration's walk; touched by one job at a time.
private final class Walk: Sendable {
    private let listing: Mutex<FileListing>

    init(_ listing: FileListing) { self.listing = Mutex(listing) }

    func nextPage(_ size: Int) throws -> [ObjectMetadata]? {
        try listing.withLock { listing in try listing.nextPage(size) }
    }
}
