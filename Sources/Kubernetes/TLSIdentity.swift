/// Whom to trust, and what to show; both may be in files.
struct TLSIdentity: Sendable, Equatable {
    var trust: ServerTrust
    var certificate: ClientCertificate?
    /// Where the certificate is, if it is in files.
    var certificateFiles: ClientCertificate.Files?

    /// Whether any of it can change.
    var isFromFiles: Bool { trust.file != nil || certificateFiles != nil }

    /// The same as the files have it now; blocks.
    ///
    /// What cannot be read stays as it is.
    func readAgain() -> TLSIdentity {
        var identity = self
        if let trust = trust.readAgain() { identity.trust = trust }
        if let certificate = certificateFiles?.read() { identity.certificate = certificate }
        return identity
    }
}
