import ObjectStorage

/// Which bucket, where, and how to talk to it.
package struct S3Configuration: Sendable {
    /// The longest prefix, in bytes: S3 allows 1,024 for a whole key, and Slipway's own keys need room.
    private static let maximumPrefix = 200

    /// The bucket's name.
    package let bucket: String
    /// Where requests go.
    package let endpoint: S3Endpoint
    /// What signatures are made for.
    package let region: String
    /// What all keys start with; empty, or ends with "/".
    package let prefix: String
    /// A file of certificates, in PEM, of authorities to trust besides the system's.
    package let caFile: String?
    /// Whether an etag of the server is the MD5 of the content, as S3 has it, and may be checked.
    ///
    /// False for servers whose etags look like MD5s and are something else.
    package var etagIsMD5 = true
    /// How much, how long and how often.
    package var limits: S3Limits

    /// Checks settings and makes a configuration of them.
    ///
    /// - Parameters:
    ///   - bucket: The bucket's name.
    ///   - endpoint: As in `https://s3.example.org:9000`; nil for AWS.
    ///   - region: As in `eu-central-1`; most servers but AWS do not care.
    ///   - prefix: What all keys start with, as in `slipway/production`; empty for none.
    ///   - pathStyle: Whether the bucket is in the path rather than in the host's name; nil for what usually works.
    ///   - caFile: A file of certificates to trust besides the system's.
    ///   - limits: How much, how long and how often.
    /// - Throws: ``S3ConfigurationError``.
    package init(
        bucket: String, endpoint: String? = nil, region: String = "us-east-1", prefix: String = "",
        pathStyle: Bool? = nil, caFile: String? = nil, limits: S3Limits = S3Limits()
    ) throws(S3ConfigurationError) {
        let isName = { (text: String, extra: String) in
            text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || extra.utf8.contains(byte)
            }
        }
        // "_" and capitals: older buckets of AWS and those of other servers have them.
        guard (3...63).contains(bucket.utf8.count), isName(bucket.lowercased(), ".-_"), bucket != "..." else {
            throw .bucket(bucket)
        }
        guard (1...63).contains(region.utf8.count), isName(region, "-") else { throw .region(region) }
        self.bucket = bucket
        self.region = region
        self.endpoint = try S3Endpoint(endpoint, region: region, bucket: bucket, pathStyle: pathStyle)
        if prefix.isEmpty {
            self.prefix = ""
        } else {
            let trimmed = prefix.hasSuffix("/") ? String(prefix.dropLast()) : prefix
            guard trimmed.utf8.count <= Self.maximumPrefix, (try? ObjectKey(trimmed)) != nil else {
                throw .prefix(prefix)
            }
            self.prefix = trimmed + "/"
        }
        self.caFile = caFile
        self.limits = limits
    }

    /// Where an object is in the bucket.
    func name(of key: ObjectKey) -> String { prefix + key.rawValue }
}
