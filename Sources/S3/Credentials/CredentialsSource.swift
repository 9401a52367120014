/// One place where credentials may come from.
protocol CredentialsSource: Sendable {
    /// For messages, as in "the environment (AWS_ACCESS_KEY_ID)".
    var name: String { get }

    /// Looks for credentials.
    ///
    /// - Returns: nil when this place is not set up.
    /// - Throws: ``CredentialsError`` when it is, but gives none; `CancellationError`.
    func load() async throws -> S3Credentials?
}
