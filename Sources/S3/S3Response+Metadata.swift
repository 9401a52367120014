import ObjectStorage

extension S3Response {
    /// The etag, if the server gave one.
    var etag: String? { header("etag").map(ETag.plain) }

    /// Whether the etag is the MD5 of the content: not so with keys of KMS or the client's own.
    var hasMD5: Bool {
        let encryption = header("x-amz-server-side-encryption") ?? "AES256"
        return encryption == "AES256" && header("x-amz-server-side-encryption-customer-algorithm") == nil
    }

    /// When the object was put.
    var modified: UnixTime? { header("last-modified").flatMap { UnixTime(httpDate: $0) } }

    /// Which bytes came, and how many the object has: of `bytes 0-99/1234`.
    var contentRange: (first: Int64, total: Int64)? {
        guard let words = header("content-range")?.split(separator: " "), words.count == 2, words[0] == "bytes",
            case let parts = words[1].split(separator: "/"), parts.count == 2, let total = Int64(parts[1]),
            let first = parts[0].split(separator: "-").first.flatMap({ Int64($0) }), first >= 0, total > first
        else { return nil }
        return (first, total)
    }

    /// What the headers say of an object.
    ///
    /// - Parameter key: The object's name.
    /// - Returns: Its metadata.
    /// - Throws: ``S3Failure`` when something is missing.
    func metadata(_ key: ObjectKey) throws -> ObjectMetadata {
        let size = status == 206 ? contentRange?.total : header("content-length").flatMap { Int64($0) }
        guard let size, size >= 0, let etag, let modified else {
            throw S3Failure(.nonsense("the answer lacks the object's size, ETag or Last-Modified"))
        }
        return ObjectMetadata(key: key, size: size, etag: etag, modified: modified.seconds)
    }
}
