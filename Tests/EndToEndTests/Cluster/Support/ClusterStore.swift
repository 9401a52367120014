import FoundationEssentials

/// The bucket of a cluster, read by `curl`, which signs as any client of S3 does.
struct ClusterStore: Sendable {
    /// With the bucket.
    let endpoint: String
    /// Key and secret, with a colon between.
    let user: String

    /// An object's bytes.
    func read(_ key: String) async throws -> [UInt8] { try await ask("/\(key)") }

    /// The keys that begin so, sorted.
    func keys(_ prefix: String) async throws -> [String] {
        let list = String(
            decoding: try await ask("?list-type=2&prefix=\(prefix.replacing("/", with: "%2F"))"), as: UTF8.self)
        return list.matches(of: /<Key>([^<]*)<\/Key>/).map { String($0.1) }.sorted()
    }

    /// The records of an app's builds, oldest first.
    func records(of app: String) async throws -> [StoredRecord] {
        var records: [StoredRecord] = []
        for key in try await keys("apps/\(app)/builds/") where key.hasSuffix("/build.json") {
            records.append(try JSONDecoder().decode(StoredRecord.self, from: Data(try await read(key))))
        }
        return records
    }

    /// The only build's record.
    func record(of app: String) async throws -> StoredRecord {
        let records = try await records(of: app)
        guard records.count == 1 else { throw Failed("expected one build of \(app), there are \(records)") }
        return records[0]
    }

    private func ask(_ what: String) async throws -> [UInt8] {
        var command = Command(
            "/usr/bin/curl",
            ["-sS", "-f", "-m", "30", "--aws-sigv4", "aws:amz:us-east-1:s3", "-K", "-", endpoint + what])
        command.input = Array("user = \"\(user)\"\n".utf8)
        return try await command.run().succeeded().output
    }
}
