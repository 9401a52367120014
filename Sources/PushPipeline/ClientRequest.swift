/// What an authenticated client asks for.
package struct ClientRequest: Sendable {
    /// The name that the access rules knew the client by at login.
    package let user: String
    /// The key that the client logged in with (RFC 4253 section 6.6).
    package let keyBlob: [UInt8]
    /// The command as the client sent it; `nil` for a login shell.
    package let command: [UInt8]?
    /// The value of `GIT_PROTOCOL`, checked by the transport.
    package let gitProtocol: String?
    /// The client's numeric address, for the log.
    package let address: String
    /// Tells one connection from another in log lines.
    package let connectionID: UInt64

    package init(
        user: String, keyBlob: [UInt8], command: [UInt8]?, gitProtocol: String?, address: String, connectionID: UInt64
    ) {
        self.user = user
        self.keyBlob = keyBlob
        self.command = command
        self.gitProtocol = gitProtocol
        self.address = address
        self.connectionID = connectionID
    }
}
