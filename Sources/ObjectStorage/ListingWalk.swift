import Synchronization

/// One iteration's walk; touched by one job at a time.
final class ListingWalk: Sendable {
    private let listing: Mutex<FileListing>

    init(_ listing: FileListing) { self.listing = Mutex(listing) }

    func nextPage(_ size: Int) throws -> [ObjectMetadata]? {
        try listing.withLock { listing in try listing.nextPage(size) }
    }
}
