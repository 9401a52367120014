package import AsyncHTTPClient

/// The HTTP clients of a store: they differ in how long they bear a silent server.
package struct S3Connections: Sendable {
    /// For all that is answered as soon as the server can; also for those who fetch credentials.
    package let usual: HTTPClient
    /// For putting parts together.
    let patient: HTTPClient

    /// Makes the clients; nothing is sent yet.
    ///
    /// - Parameter configuration: Of the store; the store that they are given to shuts them down.
    /// - Throws: ``S3ConfigurationError`` when the CA file is of no use.
    package init(_ configuration: S3Configuration) throws(S3ConfigurationError) {
        // An HTTP client that is not shut down must not be let go: what can fail comes before the first one.
        let security = try configuration.tlsConfiguration()
        usual = HTTPClient.s3(configuration.limits, security, idleTime: configuration.limits.idleTime)
        patient = HTTPClient.s3(configuration.limits, security, idleTime: configuration.limits.completionIdleTime)
    }

    /// The client for a request.
    func client(for request: S3Request) -> HTTPClient { request.kind == .completion ? patient : usual }

    /// Closes all connections.
    ///
    /// - Throws: When that was done before.
    func shutdown() async throws {
        async let first: Void = usual.shutdown()
        async let second: Void = patient.shutdown()
        _ = try await (first, second)
    }
}
