extension FileObjectStore {
    package func presign(
        _ access: PresignedAccess, _ key: ObjectKey, for lifetime: Duration
    ) async throws -> String {
        guard let urls else {
            throw ObjectStoreError(.unsupported, .presign, key, detail: "the server's own URL is not set")
        }
        return urls.url(access, key, for: lifetime)
    }
}
