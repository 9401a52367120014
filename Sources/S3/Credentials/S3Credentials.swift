/// What requests are signed with.
package struct S3Credentials: Sendable, Equatable {
    /// The public half; it appears in requests.
    package let accessKey: String
    /// The secret half; it never leaves this process.
    package let secretKey: String
    /// What goes with temporary keys.
    package let sessionToken: String?
    /// When they cease to be valid; nil for lasting ones.
    package let expiry: UnixTime?

    /// Makes credentials.
    ///
    /// - Parameters:
    ///   - accessKey: The public half.
    ///   - secretKey: The secret half.
    ///   - sessionToken: What goes with temporary keys.
    ///   - expiry: When they cease to be valid.
    package init(accessKey: String, secretKey: String, sessionToken: String? = nil, expiry: UnixTime? = nil) {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.sessionToken = sessionToken
        self.expiry = expiry
    }
}

extension S3Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Without the secrets, so that no log ever has them.
    package var description: String { "credentials of \(accessKey)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["accessKey": accessKey]) }
}
