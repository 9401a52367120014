/// Credentials that are given once and never change.
package struct StaticCredentials: CredentialsProvider {
    private let value: S3Credentials

    /// Makes a provider of one answer.
    ///
    /// - Parameter value: The credentials.
    package init(_ value: S3Credentials) { self.value = value }

    package func credentials() async throws -> S3Credentials { value }

    package func refused(_ credentials: S3Credentials) async {}
}
