/// Files that hold credentials, as Kubernetes mounts a Secret: one value each, replaced when they are rotated.
package struct CredentialsFiles: Sendable, Equatable {
    package let accessKey: String
    package let secretKey: String
    package let sessionToken: String?

    /// Names the files.
    ///
    /// - Parameters:
    ///   - accessKey: The path of the access key's file.
    ///   - secretKey: That of the secret key's.
    ///   - sessionToken: That of the session token's; the file need not be there.
    package init(accessKey: String, secretKey: String, sessionToken: String? = nil) {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.sessionToken = sessionToken
    }
}
