/// Credentials in `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
struct EnvironmentSource: CredentialsSource {
    let name = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    private let environment: [String: String]

    /// Makes a source.
    ///
    /// - Parameter environment: The process's variables.
    init(_ environment: [String: String]) { self.environment = environment }

    func load() async throws -> S3Credentials? {
        let accessKey = environment["AWS_ACCESS_KEY_ID"] ?? ""
        let secretKey = environment["AWS_SECRET_ACCESS_KEY"] ?? ""
        if accessKey.isEmpty && secretKey.isEmpty { return nil }
        guard !accessKey.isEmpty, !secretKey.isEmpty else {
            throw CredentialsError.source(name, reason: "only one of the two is set")
        }
        let token = environment["AWS_SESSION_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
        return S3Credentials(accessKey: accessKey, secretKey: secretKey, sessionToken: token)
    }
}
