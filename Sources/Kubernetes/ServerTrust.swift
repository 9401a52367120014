import NIOSSL

/// Whom to take for the API server.
struct ServerTrust: Sendable {
    /// The only certificates that are trusted; nil for those of the system.
    let authorities: [NIOSSLCertificate]?
    /// Whether any certificate will do: `insecure-skip-tls-verify`.
    let isBlind: Bool
    /// The name that the certificate has to have, when it is not the host's.
    let serverName: String?

    /// Trusts certificates that were read before.
    init(authorities: [NIOSSLCertificate]?, isBlind: Bool, serverName: String?) {
        self.authorities = authorities
        self.isBlind = isBlind
        self.serverName = serverName
    }

    /// Decides whom to trust.
    ///
    /// - Parameters:
    ///   - authority: Certificates in PEM; nil for those of the system.
    ///   - origin: Where they come from, for the error.
    ///   - isBlind: Whether any certificate will do.
    ///   - serverName: The name to expect instead of the host's.
    /// - Throws: ``KubernetesConfigurationError``.
    init(
        authority: [UInt8]?, origin: String, isBlind: Bool = false, serverName: String? = nil
    ) throws(KubernetesConfigurationError) {
        let found = authority.map { (try? NIOSSLCertificate.fromPEMBytes($0)) ?? [] }
        guard found?.isEmpty != true else {
            throw .unusable(what: origin, reason: "it holds no certificate in PEM form")
        }
        self.init(authorities: found, isBlind: isBlind, serverName: serverName)
    }

    /// What TLS needs to know.
    func configuration(_ certificate: ClientCertificate?) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let authorities { configuration.trustRoots = .certificates(authorities) }
        if isBlind { configuration.certificateVerification = .none }
        if let certificate {
            configuration.certificateChain = certificate.chain.map { .certificate($0) }
            configuration.privateKey = .privateKey(certificate.key)
        }
        return configuration
    }
}
