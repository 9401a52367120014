import NIOHTTP1

/// Credentials of the role that a virtual machine at AWS has, by version 2 of the instance metadata service alone.
///
/// Source: Amazon EC2 user guide, "Use the Instance Metadata Service". It is asked last: elsewhere nothing answers.
struct InstanceSource: CredentialsSource {
    /// Seconds that a token of the service is asked for; it is used at once.
    private static let tokenLifetime = "60"
    /// It is next to the machine: what takes longer is not there.
    private static let limit = Duration.seconds(1)

    let name = "the instance's role (IMDSv2)"
    private let isDisabled: Bool
    private let endpoint: String
    private let fetcher: CredentialsFetcher

    /// Makes a source.
    ///
    /// - Parameters:
    ///   - environment: `AWS_EC2_METADATA_DISABLED` and `AWS_EC2_METADATA_SERVICE_ENDPOINT` count.
    ///   - fetcher: Sends.
    init(_ environment: [String: String], fetcher: CredentialsFetcher) {
        isDisabled = environment["AWS_EC2_METADATA_DISABLED"]?.lowercased() == "true"
        let text = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? "http://169.254.169.254"
        endpoint = text.hasSuffix("/") ? String(text.dropLast()) : text
        self.fetcher = fetcher
    }

    func load() async throws -> S3Credentials? {
        guard !isDisabled else { return nil }
        let answer: (status: Int, bytes: [UInt8])
        do {
            answer = try await fetcher.fetch(
                .PUT, endpoint + "/latest/api/token",
                headers: [("x-aws-ec2-metadata-token-ttl-seconds", Self.tokenLifetime)], limit: Self.limit, for: name)
        } catch is CredentialsError {
            // This is no machine at AWS.
            return nil
        }
        guard answer.status == 200 else {
            throw CredentialsError.source(name, reason: "it answered \(answer.status) when asked for a token")
        }
        let token = ("x-aws-ec2-metadata-token", String(decoding: answer.bytes, as: UTF8.self))
        let path = endpoint + "/latest/meta-data/iam/security-credentials/"
        let roles = try await fetcher.fetch(.GET, path, headers: [token], limit: Self.limit, for: name)
        if roles.status == 404 { return nil }
        let role = String(decoding: roles.bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        guard roles.status == 200, !role.isEmpty else {
            throw CredentialsError.source(name, reason: "it answered \(roles.status) when asked for the role")
        }
        let found = try await fetcher.fetch(
            .GET, path + PercentEncoding.encode(role), headers: [token], limit: Self.limit, for: name)
        guard found.status == 200 else {
            throw CredentialsError.source(name, reason: "it answered \(found.status) when asked for credentials")
        }
        return try CredentialsDocument.read(found.bytes, from: name)
    }
}
