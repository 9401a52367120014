import ObjectStorage

/// One answer of ListObjectsV2.
struct S3Page: Sendable {
    /// In the order of the answer; objects that no key of ours can name are left out.
    let objects: [ObjectMetadata]
    /// "Directories", each with its "/", when they were asked for.
    let prefixes: [String]
    /// What to ask the next page with; nil on the last.
    let next: String?
    /// Whether the server lists the keys of a "directory" together, rather than in the order of their bytes.
    let groupsDirectories: Bool

    /// Reads an answer.
    ///
    /// - Parameters:
    ///   - document: Its root.
    ///   - server: The `Server` header.
    ///   - hidden: What keys start with and the store's user does not know of.
    /// - Throws: ``S3Failure`` when it is no listing.
    init(_ document: XMLElement, server: String, below hidden: String) throws {
        guard document.name == "ListBucketResult" else {
            throw S3Failure(.nonsense("the answer is a \(document.name), no listing"))
        }
        var objects: [ObjectMetadata] = []
        var prefixes: [String] = []
        for child in document.children {
            if child.name == "Contents", let item = try Self.object(child, below: hidden) { objects.append(item) }
            guard child.name == "CommonPrefixes", let text = child.text(of: "Prefix"), text.hasPrefix(hidden),
                (try? ObjectKey(String(text.dropFirst(hidden.count).dropLast()))) != nil
            else { continue }
            prefixes.append(String(text.dropFirst(hidden.count)))
        }
        let isTruncated = document.text(of: "IsTruncated") == "true"
        next = isTruncated ? document.text(of: "NextContinuationToken") : nil
        guard !isTruncated || !(next ?? "").isEmpty else {
            throw S3Failure(.nonsense("the listing goes on but does not say where"))
        }
        let isInOrder = zip(objects, objects.dropFirst()).allSatisfy { $0.key < $1.key }
        groupsDirectories = !isInOrder || server.hasPrefix("SeaweedFS")
        self.objects = objects
        self.prefixes = prefixes
    }

    private static func object(_ element: XMLElement, below hidden: String) throws -> ObjectMetadata? {
        guard let name = element.text(of: "Key") else { throw S3Failure(.nonsense("a listed object has no key")) }
        guard name.hasPrefix(hidden), let key = try? ObjectKey(String(name.dropFirst(hidden.count))) else { return nil }
        guard let size = element.text(of: "Size").flatMap({ Int64($0) }), let etag = element.text(of: "ETag"),
            let modified = element.text(of: "LastModified").flatMap({ UnixTime(iso8601: $0) })
        else { throw S3Failure(.nonsense("a listed object lacks size, ETag or LastModified")) }
        return ObjectMetadata(key: key, size: size, etag: ETag.plain(etag), modified: modified.seconds)
    }
}
