/// What an authenticated client asks for.
package struct ClientRequest: Sendable {
    /// The name that the access rules know the client by.
    package let user: String
    /// The command as the client sent it; `nil` for a login shell.
    package let command: [UInt8]?
    /// The value of `GIT_PROTOCOL`, checked by the transport.
    package let gitProtocol: String?
    /// The client's numeric address, for the log.
    package let address: String
    /// Tells one connection from another in log lines.
    package let connectionID: UInt64

    package init(user: String, command: [UInt8]?, gitProtocol: String?, address: String, connectionID: UInt64) {
        self.user = user
        self.command = command
        self.gitProtocol = gitProtocol
        self.address = address
        self.connectionID = connectionID
    }
}
