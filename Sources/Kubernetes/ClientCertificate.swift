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

    /// Whether the key is that of the chain's first certificate: files are replaced one after the other.
    private var isPair: Bool {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateChain = chain.map { .certificate($0) }
        configuration.privateKey = .privateKey(key)
        return (try? NIOSSLContext(configuration: configuration)) != nil
    }

    /// Where both are, to be read again: tools that renew them replace the files.
    struct Files: Sendable, Equatable {
        let chain: String
        let key: String

        /// Reads both; blocks.
        ///
        /// - Returns: nil when they cannot be read, or do not belong together as yet.
        func read() -> ClientCertificate? {
            guard let chain = try? SmallFile.bytes(chain), let key = try? SmallFile.bytes(key) else { return nil }
            guard let certificate = ClientCertificate(chain: chain, key: key), certificate.isPair else { return nil }
            return certificate
        }
    }
}
