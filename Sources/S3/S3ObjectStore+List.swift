package import ObjectStorage

extension S3ObjectStore {
    package func list(prefix: String) -> ObjectListing {
        ObjectListing { [self] in
            let walk = S3ListingWalk(self, prefix: prefix)
            return { try await walk.nextPage() }
        }
    }

    /// Reads one page.
    ///
    /// - Parameters:
    ///   - prefix: What keys start with, as the store's user knows them.
    ///   - token: Of the page before; nil for the first one.
    ///   - delimiter: "/" to have keys in "directories" left out; nil to have all.
    /// - Returns: The page.
    /// - Throws: ``ObjectStoreError``, `CancellationError`.
    func page(_ prefix: String, after token: String?, delimiter: String? = nil) async throws -> S3Page {
        var request = S3Request(.listObjects, nil)
        request.query = [
            ("list-type", "2"), ("prefix", configuration.prefix + prefix),
            ("max-keys", String(configuration.limits.pageSize)),
        ]
        if let token { request.query.append(("continuation-token", token)) }
        if let delimiter { request.query.append(("delimiter", delimiter)) }
        let hidden = configuration.prefix
        return try await send(request, for: .list, prefix) { response in
            let server = response.header("server") ?? ""
            return try S3Page(await response.document(), server: server, below: hidden)
        }
    }
}
