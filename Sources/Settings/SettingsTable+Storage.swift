extension SettingsTable {
    static let storage = Setting(
        "storage", SettingKind<StorageSettings.Kind>.choice, default: "file",
        help: "Where sources, artifacts, logs and records go; file: below the data directory.")
    static let storagePublicURL = Setting(
        "storage.public-url", .httpURL, default: "",
        help: "Address at which builds elsewhere reach storage.port, when objects are files; empty: they cannot.")
    static let storagePort = Setting(
        "storage.port", .port, default: "8093",
        help: "Port for single objects by signed URLs, if storage.public-url is set.")
    static let s3Bucket = Setting(
        "s3.bucket", .word("BUCKET", expected: "the name of a bucket"), default: "", help: "The bucket; it must exist.")
    static let s3Endpoint = Setting(
        "s3.endpoint", .httpURL, default: "",
        help: "Address of the server, such as https://s3.example.com:9000; empty: AWS.")
    static let s3Region = Setting(
        "s3.region", .word("REGION", expected: "the name of a region"), default: "",
        help: "Region; empty: AWS_REGION, AWS_DEFAULT_REGION, or us-east-1.")
    static let s3Prefix = Setting(
        "s3.prefix", .word("PREFIX", expected: "the beginning of keys"), default: "",
        help: "What all keys in the bucket start with, such as slipway/production.")
    static let s3PathStyle = Setting(
        "s3.path-style", SettingKind<StorageSettings.PathStyle>.choice, default: "auto",
        help: "Whether the bucket is in the path, not in the host name; auto: yes, but for AWS.")
    static let s3CAFile = Setting(
        "s3.ca-file", .optionalPath, default: "", help: "PEM file of authorities to trust besides the system's.")
    static let s3ETagIsMD5 = Setting(
        "s3.etag-is-md5", SettingKind<StorageSettings.ETagIsMD5>.choice, default: "on",
        help: "Whether ETags that look like MD5s are compared with the content; off: this server's are something else.")
    static let s3CredentialsDirectory = Setting(
        "s3.credentials-dir", .optionalPath, default: "",
        help:
            "Directory with the files access-key-id, secret-access-key and perhaps session-token; empty: as AWS' own tools."
    )

    static let objects = SettingGroup(
        title: "Object storage",
        settings: [
            storage.definition, storagePublicURL.definition, storagePort.definition, s3Bucket.definition,
            s3Endpoint.definition, s3Region.definition, s3Prefix.definition,
            s3PathStyle.definition, s3CAFile.definition, s3ETagIsMD5.definition, s3CredentialsDirectory.definition,
        ])

    static let retentionKeepBuilds = Setting(
        "retention.keep-builds", .count(1...10_000), default: "50",
        help: "Builds and sources of each app that are kept however old they are.")
    static let retentionKeepFor = Setting(
        "retention.keep-for", .duration(.seconds(1)...longestRetention), default: "720h",
        help: "How long builds and sources are kept however many they are.")
    static let retentionInterval = Setting(
        "retention.interval", .duration(.zero...longest), default: "1h",
        help: "How often what is not to be kept is removed; 0s: never, but by slipway sweep.")

    /// Ten years: builds, unlike requests, may be kept for long.
    static let longestRetention = Duration.seconds(10 * 366 * 24 * 3600)

    static let retention = SettingGroup(
        title: "Retention",
        settings: [retentionKeepBuilds.definition, retentionKeepFor.definition, retentionInterval.definition])
}
