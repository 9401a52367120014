extension FileObjectStore {
    /// Objects described by one job on the thread pool.
    private static let pageSize = 256

    package func list(prefix: String) -> ObjectListing {
        ObjectListing { [self] in
            let (layout, walk) = (self.layout, ListingWalk(prefix: prefix))
            return { [self] in
                try await run(.list, prefix) { try walk.nextPage(Self.pageSize, of: layout.opened()) }
            }
        }
    }
}
