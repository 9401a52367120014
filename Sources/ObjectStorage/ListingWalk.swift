import Synchronization

/// One iteration's walk; touched by one job at a time.
final class ListingWalk: Sendable {
    private let listing: Mutex<FileListing>

    init(prefix: String) { listing = Mutex(FileListing(prefix: prefix)) }

    func nextPage(_ size: Int, of layout: FileLayout) throws -> [ObjectMetadata]? {
        try listing.withLock { listing in try listing.nextPage(size, of: layout) }
    }
}
