/// What a client asked for on a channel, after it logged in.
package struct SSHRequest: Sendable {
    /// The two things a client may ask for.
    package enum Kind: Sendable, Equatable {
        /// A command, as the client sent it (RFC 4254 section 6.5).
        case exec([UInt8])
        /// A login shell: there is none, but a person gets an answer.
        case shell
    }

    package let kind: Kind
    /// The name that the ``KeyAuthenticator`` gave for the client's key.
    package let user: String
    /// The key that the client logged in with, in SSH's wire format: rules may have changed since.
    package let keyBlob: [UInt8]
    /// The value of `GIT_PROTOCOL`, the one environment variable that is taken (git's protocol-v2 document).
    package let gitProtocol: String?
    /// The client's numeric address.
    package let address: String
    /// Tells one connection from another in log lines.
    package let connectionID: UInt64
}
