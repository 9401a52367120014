import NIOHTTP1

/// Temporary credentials for a token that the platform mounts, such as Kubernetes' service account tokens (IRSA).
///
/// Source: AWS STS API reference, "AssumeRoleWithWebIdentity"; the call is not signed, the token proves who asks.
struct WebIdentitySource: CredentialsSource {
    let name = "the web identity token (AWS_WEB_IDENTITY_TOKEN_FILE)"
    private let tokenPath: String
    private let role: String
    private let session: String
    private let endpoint: String
    private let fetcher: CredentialsFetcher

    /// Makes a source.
    ///
    /// - Parameters:
    ///   - environment: `AWS_WEB_IDENTITY_TOKEN_FILE`, `AWS_ROLE_ARN`, `AWS_ROLE_SESSION_NAME` and
    ///     `AWS_ENDPOINT_URL_STS` count, and `AWS_REGION` before the bucket's region.
    ///   - region: The bucket's.
    ///   - fetcher: Sends.
    init(_ environment: [String: String], region: String, fetcher: CredentialsFetcher) {
        tokenPath = environment["AWS_WEB_IDENTITY_TOKEN_FILE"] ?? ""
        role = environment["AWS_ROLE_ARN"] ?? ""
        session = environment["AWS_ROLE_SESSION_NAME"] ?? "slipway"
        let place = environment["AWS_REGION"] ?? region
        let domain = place.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        endpoint = environment["AWS_ENDPOINT_URL_STS"] ?? "https://sts.\(place).\(domain)"
        self.fetcher = fetcher
    }

    func load() async throws -> S3Credentials? {
        guard !tokenPath.isEmpty else { return nil }
        guard !role.isEmpty else { throw CredentialsError.source(name, reason: "AWS_ROLE_ARN is not set") }
        // Read each time: the platform replaces it well before it expires.
        guard let token = try await SmallFile.read(tokenPath, for: name), !token.isEmpty else {
            throw CredentialsError.source(name, reason: "\(tokenPath) is missing or empty")
        }
        let form = [
            ("Action", "AssumeRoleWithWebIdentity"), ("Version", "2011-06-15"), ("RoleArn", role),
            ("RoleSessionName", session), ("WebIdentityToken", token),
        ].map { "\($0)=\(PercentEncoding.encode($1))" }.joined(separator: "&")
        let answer = try await fetcher.fetch(
            .POST, endpoint + "/", headers: [("content-type", "application/x-www-form-urlencoded")], body: form,
            limit: .seconds(5), for: name)
        guard answer.status == 200, let document = try? XMLReader.read(answer.bytes) else {
            let error = S3ErrorAnswer(status: answer.status, headers: [:], body: answer.bytes)
            throw CredentialsError.source(
                name, reason: "STS answered \(error.status) \(error.code); check that the role trusts this identity")
        }
        let result = document.first("AssumeRoleWithWebIdentityResult")?.first("Credentials")
        guard let accessKey = result?.text(of: "AccessKeyId"), let secretKey = result?.text(of: "SecretAccessKey"),
            let sessionToken = result?.text(of: "SessionToken"),
            let expiry = result?.text(of: "Expiration").flatMap({ UnixTime(iso8601: $0) })
        else { throw CredentialsError.source(name, reason: "STS's answer has no credentials") }
        return S3Credentials(accessKey: accessKey, secretKey: secretKey, sessionToken: sessionToken, expiry: expiry)
    }
}
