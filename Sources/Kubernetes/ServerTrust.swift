import NIOSSL

/// Whom to take for the API server.
struct ServerTrust: Sendable, Equatable {
    /// The only certificates that are trusted; nil for those of the system.
    let authorities: [NIOSSLCertificate]?
    /// Where they were read from, and may be others later; nil when they are in no file.
    let file: String?
    /// Whether any certificate will do: `insecure-skip-tls-verify`.
    let isBlind: Bool
    /// The name that the certificate has to have, when it is not the host's.
    let serverName: String?

    /// Trusts certificates that were read before.
    init(authorities: [NIOSSLCertificate]?, file: String? = nil, isBlind: Bool, serverName: String?) {
        self.authorities = authorities
        self.file = file
        self.isBlind = isBlind
        self.serverName = serverName
    }

    /// Decides whom to trust.
    ///
    /// - Parameters:
    ///   - authority: Certificates in PEM; nil for those of the system.
    ///   - origin: Where they come from, for the error.
    ///   - file: Where they can be read again; nil when they are in no file.
    ///   - isBlind: Whether any certificate will do.
    ///   - serverName: The name to expect instead of the host's.
    /// - Throws: ``KubernetesConfigurationError``.
    init(
        authority: [UInt8]?, origin: String, file: String? = nil, isBlind: Bool = false, serverName: String? = nil
    ) throws(KubernetesConfigurationError) {
        let found = authority.map { (try? NIOSSLCertificate.fromPEMBytes($0)) ?? [] }
        guard found?.isEmpty != true else {
            throw .unusable(what: origin, reason: "it holds no certificate in PEM form")
        }
        self.init(authorities: found, file: file, isBlind: isBlind, serverName: serverName)
    }

    /// Reads the file again; blocks.
    ///
    /// - Returns: nil when there is none, or it holds no certificates.
    func readAgain() -> ServerTrust? {
        guard let file, let bytes = try? SmallFile.bytes(file),
            let found = try? NIOSSLCertificate.fromPEMBytes(bytes), !found.isEmpty
        else { return nil }
        return ServerTrust(authorities: found, file: file, isBlind: isBlind, serverName: serverName)
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
