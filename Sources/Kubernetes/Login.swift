/// How to log in.
struct Login: Sendable {
    /// Where a token comes from, if one is used.
    enum Source: Sendable {
        case nothing
        case token(String)
        /// Read again and again: the kubelet and others replace it.
        case tokenFile(String)
        case plugin(CredentialPlugin)
    }

    let source: Source
    /// A certificate that is shown to the server beside the token, or alone.
    var certificate: ClientCertificate?
    /// Where that can be read again, if it is in files.
    var certificateFiles: ClientCertificate.Files?

    /// Whether nothing is sent that identifies us.
    var isAnonymous: Bool {
        if case .nothing = source { certificate == nil } else { false }
    }

    /// Whether other credentials may come when these are refused.
    var mayChange: Bool {
        switch source {
        case .tokenFile, .plugin: true
        case .nothing, .token: false
        }
    }
}
