import AsyncHTTPClient
import NIOCore
import NIOSSL

extension HTTPClient {
    /// Connections to one host; the store limits its requests itself, and bodies being read come on top.
    private static let maximumConnections = 512

    /// Makes a client that fits ``S3ObjectStore``: its limits, its CA file, HTTP/1.1, no redirects.
    ///
    /// - Parameters:
    ///   - limits: Of the store.
    ///   - security: Whom to trust; the system's authorities when nil.
    ///   - idleTime: How long a connection may carry nothing in the direction that is due.
    /// - Returns: A client; it has to be shut down.
    static func s3(_ limits: S3Limits, _ security: TLSConfiguration?, idleTime: Duration) -> HTTPClient {
        var settings = HTTPClient.Configuration()
        settings.timeout = .init(
            connect: TimeAmount(limits.connectTime), read: TimeAmount(idleTime), write: TimeAmount(idleTime))
        settings.redirectConfiguration = .disallow
        settings.httpVersion = .http1Only
        settings.decompression = .disabled
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = maximumConnections
        // The store retries by itself, and says at once what is wrong.
        settings.connectionPool.retryConnectionEstablishment = false
        // Servers close idle connections after a minute and more; being first avoids requests into a closing one.
        settings.connectionPool.idleTimeout = .seconds(20)
        settings.tlsConfiguration = security
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
    }
}

extension S3Configuration {
    /// Looks whether the CA file is of use, without a client.
    ///
    /// - Throws: ``S3ConfigurationError`` when it is not.
    package func checkCAFile() throws(S3ConfigurationError) {
        if let caFile { _ = try Self.certificates(caFile) }
    }

    /// Whom to trust.
    ///
    /// - Returns: nil for the system's authorities alone.
    /// - Throws: ``S3ConfigurationError`` when the CA file is of no use.
    func tlsConfiguration() throws(S3ConfigurationError) -> TLSConfiguration? {
        guard let caFile else { return nil }
        var security = TLSConfiguration.makeClientConfiguration()
        security.additionalTrustRoots = [.certificates(try Self.certificates(caFile))]
        return security
    }

    private static func certificates(_ path: String) throws(S3ConfigurationError) -> [NIOSSLCertificate] {
        let certificates: [NIOSSLCertificate]
        do {
            certificates = try NIOSSLCertificate.fromPEMFile(path)
        } catch {
            throw .caFile(path, reason: "it cannot be read, or is no PEM (\(error))")
        }
        guard !certificates.isEmpty else { throw .caFile(path, reason: "it is empty") }
        return certificates
    }
}
