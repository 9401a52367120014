import NIOHTTP1

/// Credentials that an agent beside the container gives: ECS's tasks and EKS's pod identities.
///
/// Source: AWS SDKs and Tools Reference Guide, "Container credential provider".
struct ContainerSource: CredentialsSource {
    /// Where plain HTTP is allowed: the agents of ECS and EKS, and this machine.
    private static let agents = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "localhost", "[::1]"]

    let name = "the container's agent (AWS_CONTAINER_CREDENTIALS_FULL_URI)"
    private let environment: [String: String]
    private let fetcher: CredentialsFetcher

    /// Makes a source.
    ///
    /// - Parameters:
    ///   - environment: `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI`, `AWS_CONTAINER_CREDENTIALS_FULL_URI`,
    ///     `AWS_CONTAINER_AUTHORIZATION_TOKEN` and `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE` count.
    ///   - fetcher: Sends.
    init(_ environment: [String: String], fetcher: CredentialsFetcher) {
        self.environment = environment
        self.fetcher = fetcher
    }

    func load() async throws -> S3Credentials? {
        let url: String
        if let path = environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"], !path.isEmpty {
            url = "http://169.254.170.2" + path
        } else if let full = environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"], !full.isEmpty {
            guard Self.isSafe(full) else {
                throw CredentialsError.source(
                    name, reason: "the address is neither https nor one of \(Self.agents.joined(separator: ", "))")
            }
            url = full
        } else {
            return nil
        }
        var headers: [(String, String)] = []
        if let path = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"], !path.isEmpty {
            guard let token = try await SmallFile.read(path, for: name), !token.isEmpty else {
                throw CredentialsError.source(name, reason: "\(path) is missing or empty")
            }
            headers.append(("authorization", token))
        } else if let token = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"], !token.isEmpty {
            headers.append(("authorization", token))
        }
        let isPrintable = headers.allSatisfy { $0.1.utf8.allSatisfy { (0x20...0x7e).contains($0) } }
        guard isPrintable else { throw CredentialsError.source(name, reason: "the authorization token is no header") }
        let answer = try await fetcher.fetch(.GET, url, headers: headers, for: name)
        guard answer.status == 200 else {
            throw CredentialsError.source(name, reason: "it answered \(answer.status)")
        }
        return try CredentialsDocument.read(answer.bytes, from: name)
    }

    /// Whether a token may be sent there.
    private static func isSafe(_ url: String) -> Bool {
        if url.lowercased().hasPrefix("https://") { return true }
        guard url.lowercased().hasPrefix("http://") else { return false }
        let authority = url.dropFirst("http://".count).prefix { !"/?#".contains($0) }
        guard !authority.contains("@") else { return false }
        let host =
            authority.hasPrefix("[")
            ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
        if agents.contains(host.lowercased()) { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers.first == "127" && numbers.allSatisfy { UInt8($0) != nil }
    }
}
