package import ObjectStorage

extension S3ObjectStore {
    /// The longest life of a presigned URL: seven days (Amazon S3 "Download and upload objects with presigned URLs").
    private static let maximumLifetime: Int64 = 604_800

    package func presign(
        _ access: PresignedAccess, _ key: ObjectKey, for lifetime: Duration
    ) async throws -> String {
        let operation = access == .get ? S3Operation.getObject : .putObject
        do {
            let seconds = min(max(1, lifetime.components.seconds), Self.maximumLifetime)
            let credentials = try await client.credentials(lasting: seconds)
            return configuration.endpoint.presigned(
                access.rawValue, configuration.name(of: key), region: configuration.region, credentials,
                at: client.clock.now(), lifetime: seconds)
        } catch let failure as S3Failure {
            throw ObjectStoreError(failure, operation, .presign, key.rawValue, configuration)
        }
    }
}

extension S3Endpoint {
    /// A presigned URL.
    ///
    /// - Parameters:
    ///   - method: As in `GET`.
    ///   - name: Of the object in its bucket.
    ///   - region: Of the bucket.
    ///   - credentials: Whose key signs.
    ///   - time: When its life begins.
    ///   - lifetime: Seconds.
    /// - Returns: The URL.
    func presigned(
        _ method: String, _ name: String, region: String, _ credentials: S3Credentials, at time: UnixTime,
        lifetime: Int64
    ) -> String {
        let path = path(name)
        let query = SignatureV4(region: region).presignedQuery(
            method: method, path: path, headers: [("host", authority)], query: [], credentials, at: time,
            lifetime: lifetime)
        return url(path: path, query: query)
    }
}
