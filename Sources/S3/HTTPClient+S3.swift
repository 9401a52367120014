package import AsyncHTTPClient
import NIOCore
import NIOSSL

extension HTTPClient {
    /// Connections to one host; the store limits its requests itself, and bodies being read come on top.
    private static let maximumConnections = 512

    /// Makes a client that fits ``S3ObjectStore``: its limits, its CA file, HTTP/1.1, no redirects.
    ///
    /// - Parameter configuration: Of the store.
    /// - Returns: A client; the store that it is given to shuts it down.
    /// - Throws: ``S3ConfigurationError`` when the CA file is of no use.
    package static func s3(_ configuration: S3Configuration) throws(S3ConfigurationError) -> HTTPClient {
        let limits = configuration.limits
        var settings = HTTPClient.Configuration()
        settings.timeout = .init(
            connect: TimeAmount(limits.connectTime), read: TimeAmount(limits.idleTime),
            write: TimeAmount(limits.idleTime))
        settings.redirectConfiguration = .disallow
        settings.httpVersion = .http1Only
        settings.decompression = .disabled
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = maximumConnections
        // The store retries by itself, and says at once what is wrong.
        settings.connectionPool.retryConnectionEstablishment = false
        // Servers close idle connections after a minute and more; being first avoids requests into a closing one.
        settings.connectionPool.idleTimeout = .seconds(20)
        if let path = configuration.caFile {
            var security = TLSConfiguration.makeClientConfiguration()
            security.additionalTrustRoots = [.certificates(try S3Configuration.certificates(path))]
            settings.tlsConfiguration = security
        }
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

    fileprivate static func certificates(_ path: String) throws(S3ConfigurationError) -> [NIOSSLCertificate] {
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
