/// Gives the credentials that requests are signed with.
package protocol CredentialsProvider: Sendable {
    /// The credentials to use now; asked for each attempt, so an answer is usually at hand.
    ///
    /// - Returns: Valid ones, as far as is known.
    /// - Throws: ``CredentialsError``, `CancellationError`.
    func credentials() async throws -> S3Credentials

    /// The credentials for what others do with them later: a presigned URL ends with the session that signed it.
    ///
    /// - Parameter seconds: How long they should be valid from now.
    /// - Returns: Valid ones, for that long if such can be had.
    /// - Throws: ``CredentialsError``, `CancellationError`.
    func credentials(lasting seconds: Int64) async throws -> S3Credentials

    /// Takes note that the server did not accept these: they are looked up anew when next asked for.
    ///
    /// - Parameter credentials: What ``credentials()`` gave.
    func refused(_ credentials: S3Credentials) async
}

extension CredentialsProvider {
    package func credentials(lasting seconds: Int64) async throws -> S3Credentials { try await credentials() }
}
