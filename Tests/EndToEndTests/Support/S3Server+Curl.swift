/// The bucket as others see it: `curl` signs, and nothing of Slipway is in between.
extension S3Server {
    /// All keys in the bucket, sorted.
    func keys() async throws -> [String] {
        try await curl("?list-type=2").matches(of: /<Key>([^<]+)<\/Key>/).map { String($0.1) }.sorted()
    }

    /// The keys of all uploads that were begun and not ended, sorted.
    func uploads() async throws -> [String] {
        try await curl("?uploads=").matches(of: /<Key>([^<]+)<\/Key>/).map { String($0.1) }.sorted()
    }

    /// Begins an upload and leaves it, as a process does that is killed.
    func beginUpload(_ key: String) async throws {
        _ = try await curl("/\(key)?uploads=", "-X", "POST")
    }

    /// Gives a folder of the bucket another name, behind S3's back.
    func move(_ old: String, to new: String) async throws {
        let filer = "http://127.0.0.1:\(port + 3)/buckets/\(Self.bucket)/\(new)?mv.from=/buckets/\(Self.bucket)/\(old)"
        try await Command("/usr/bin/curl", ["-sSfm10", "-X", "POST", filer]).run().succeeded()
    }

    private func curl(_ place: String, _ options: String...) async throws -> String {
        let keys = Keys.first.parts
        let words =
            ["-sSfm10", "--aws-sigv4", "aws:amz:us-east-1:s3", "--user", "\(keys.access):\(keys.secret)"] + options
        return try await Command("/usr/bin/curl", words + ["http://127.0.0.1:\(port)/\(Self.bucket)\(place)"]).run()
            .succeeded().text
    }
}
