/// Where objects go.
package struct StorageSettings: Sendable, Equatable {
    package let kind: Kind
    /// Where others reach single objects of files; `nil` when they are not to.
    package let publicURL: String?
    /// The port that this address leads to; 0 for any free one.
    package let port: UInt16
    package let s3: S3

    /// What keeps objects.
    package enum Kind: String, Sendable, CaseIterable {
        /// Files below the data directory.
        case file
        /// A bucket.
        case s3
    }

    /// Where the bucket's name goes.
    package enum PathStyle: String, Sendable, CaseIterable {
        case auto
        case on
        case off
    }

    /// Whether ETags can be taken for MD5s.
    package enum ETagIsMD5: String, Sendable, CaseIterable {
        case on
        case off
    }

    /// The bucket; of no meaning unless ``kind`` is `s3`.
    package struct S3: Sendable, Equatable {
        package let bucket: String
        /// `nil` for AWS.
        package let endpoint: String?
        /// `nil` for what the environment says.
        package let region: String?
        package let prefix: String
        package let pathStyle: PathStyle
        package let caFile: String?
        package let etagIsMD5: ETagIsMD5
        /// `nil` for the chain that AWS' own tools follow.
        package let credentialsDirectory: String?
    }

    init(_ resolver: inout SettingsResolver) throws(SettingsError) {
        kind = try resolver.value(SettingsTable.storage)
        publicURL = try resolver.value(SettingsTable.storagePublicURL)
        port = try resolver.value(SettingsTable.storagePort)
        let region = try resolver.value(SettingsTable.s3Region)
        s3 = S3(
            bucket: try resolver.value(SettingsTable.s3Bucket), endpoint: try resolver.value(SettingsTable.s3Endpoint),
            region: region.isEmpty ? nil : region, prefix: try resolver.value(SettingsTable.s3Prefix),
            pathStyle: try resolver.value(SettingsTable.s3PathStyle),
            caFile: try resolver.value(SettingsTable.s3CAFile),
            etagIsMD5: try resolver.value(SettingsTable.s3ETagIsMD5),
            credentialsDirectory: try resolver.value(SettingsTable.s3CredentialsDirectory))
        guard kind == .file || !s3.bucket.isEmpty else {
            throw SettingsError(
                resolver.place(of: SettingsTable.s3Bucket.definition),
                "expected the name of a bucket, because storage is s3, got \"\"")
        }
    }
}
