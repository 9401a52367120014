/// Credentials in the file that the AWS programs share, `~/.aws/credentials`, and in `~/.aws/config`.
///
/// Keys only: roles of other profiles, single sign-on and `credential_process` are refused, with what to do instead.
struct SharedFileSource: CredentialsSource {
    let name: String
    private let profile: String
    private let isChosen: Bool
    private let credentialsPath: String
    private let configPath: String

    /// Makes a source.
    ///
    /// - Parameter environment: `AWS_PROFILE`, `AWS_SHARED_CREDENTIALS_FILE`, `AWS_CONFIG_FILE` and `HOME` count.
    init(_ environment: [String: String]) {
        let home = environment["HOME"] ?? ""
        let chosen = environment["AWS_PROFILE"].flatMap { $0.isEmpty ? nil : $0 }
        isChosen = chosen != nil
        profile = chosen ?? "default"
        credentialsPath = environment["AWS_SHARED_CREDENTIALS_FILE"] ?? home + "/.aws/credentials"
        configPath = environment["AWS_CONFIG_FILE"] ?? home + "/.aws/config"
        name = "profile \(profile) in \(credentialsPath)"
    }

    func load() async throws -> S3Credentials? {
        let own = try await SmallFile.read(credentialsPath, for: name).map { ProfileFile($0) }
        let config = try await SmallFile.read(configPath, for: name).map { ProfileFile($0) }
        let inConfig = config?.sections[profile == "default" ? "default" : "profile \(profile)"]
        // As the AWS programs have it, the credentials file goes first.
        let found = [own?.sections[profile], inConfig].compactMap { $0 }
        guard !found.isEmpty else {
            if isChosen { throw CredentialsError.source(name, reason: "there is no such profile") }
            return nil
        }
        for values in found {
            guard let accessKey = values["aws_access_key_id"], let secretKey = values["aws_secret_access_key"] else {
                continue
            }
            return S3Credentials(
                accessKey: accessKey, secretKey: secretKey, sessionToken: values["aws_session_token"])
        }
        // A profile of other settings, such as a region, says nothing of credentials.
        let other = ["role_arn", "sso_session", "sso_start_url", "credential_process"]
        guard let key = other.first(where: { key in found.contains { $0[key] != nil } }) else {
            if isChosen { throw CredentialsError.source(name, reason: "the profile has no aws_access_key_id") }
            return nil
        }
        throw CredentialsError.source(
            name, reason: "\(key) is not supported; give keys, or a web identity or container role instead")
    }
}
