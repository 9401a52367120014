import NIOSSL

/// What logs a client in by TLS.
struct ClientCertificate: Sendable, Equatable {
    let chain: [NIOSSLCertificate]
    let key: NIOSSLPrivateKey

    /// Reads both from PEM texts.
    ///
    /// - Returns: nil when one of them is none.
    init?(chain: [UInt8], key: [UInt8]) {
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(chain), !certificates.isEmpty,
            let key = try? NIOSSLPrivateKey(bytes: key, format: .pem)
        else { return nil }
        self.chain = certificates
        self.key = key
    }
}
