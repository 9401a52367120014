import AsyncHTTPClient
package import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// A client of one API server.
///
/// Requests that only read are sent again while the server is away for a moment; creating is not, when it may have
/// succeeded. Calls end promptly when their task is cancelled.
package final class KubernetesClient: Sendable {
    /// Connections to one server: each log that is followed has its own.
    private static let maximumConnections = 2048
    /// Before the server closes what is idle; client-go's own server does after 90 s.
    private static let idleConnectionTime = TimeAmount.seconds(30)

    package let configuration: KubernetesConfiguration
    package let limits: KubernetesLimits
    let logger: Logger
    private let http: HTTPClient
    private let keeper: CredentialsKeeper
    private let tls: TLSKeeper
    /// What the connections of ``http`` use where a request says nothing else.
    private let firstIdentity: TLSIdentity
    /// The URL that paths are appended to; its host is the certificate's name.
    private let base: String
    /// What is known of the server's version, for ``LogShape``.
    let knownVersion = Mutex<KubernetesVersion?>(nil)

    /// Makes a client; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - configuration: Which server.
    ///   - limits: How much and how long.
    ///   - logger: Told of retries.
    package init(configuration: KubernetesConfiguration, limits: KubernetesLimits = .init(), logger: Logger) {
        self.configuration = configuration
        self.limits = limits
        self.logger = logger
        var settings = HTTPClient.Configuration()
        settings.timeout = .init(connect: TimeAmount(limits.connectTime))
        settings.redirectConfiguration = .disallow
        // One connection for each log and watch: none can hold up another, and a dead one harms only itself.
        settings.httpVersion = .http1Only
        settings.decompression = .disabled
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = Self.maximumConnections
        settings.connectionPool.retryConnectionEstablishment = false
        settings.connectionPool.idleTimeout = Self.idleConnectionTime
        var base = configuration.server
        if let name = configuration.trust.serverName,
            let (host, url) = ServerURL.replacingHost(of: configuration.server, by: name)
        {
            settings.dnsOverride = [name: host]
            base = url
        }
        firstIdentity = TLSIdentity(
            trust: configuration.trust, certificate: configuration.login.certificate,
            certificateFiles: configuration.login.certificateFiles)
        settings.tlsConfiguration = configuration.trust.configuration(configuration.login.certificate)
        self.base = base
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
        keeper = CredentialsKeeper(configuration.login, limits: limits)
        tls = TLSKeeper(firstIdentity, limits: limits)
    }

    /// Closes all connections; what is under way fails.
    package func shutdown() async {
        await keeper.shutDown()
        try? await http.shutdown()
    }

    /// Sends a request once (twice when other credentials or authorities are to be had after a refusal), without a limit of
    /// time.
    ///
    /// - Parameter request: The request.
    /// - Returns: The head of a good answer, and what reads its body.
    /// - Throws: ``KubernetesError``, `CancellationError`.
    func open(_ request: KubernetesRequest) async throws -> BodyReader {
        do {
            let credentials = try await keeper.credentials()
            let identity = await tls.identity()
            do {
                return try await open(request, credentials, identity)
            } catch let error as KubernetesError where error.kind == .unauthorized {
                let other = await keeper.replacement(of: credentials)
                let renewed = await tls.replacement(of: identity)
                guard other != nil || renewed != nil else { throw error }
                return try await open(request, other ?? credentials, renewed ?? identity)
            } catch let error as KubernetesError where error.kind == .notTrusted {
                // The handshake comes before the request: nothing of it was sent.
                guard let renewed = await tls.replacement(of: identity) else { throw error }
                return try await open(request, credentials, renewed)
            }
        } catch let error as KubernetesError {
            throw error
        } catch let problem as LoginProblem {
            throw KubernetesError(.credentials, operation: request.operation, detail: problem.reason)
        } catch {
            if Task.isCancelled || error is CancellationError { throw CancellationError() }
            throw KubernetesError(error, operation: request.operation)
        }
    }

    private func open(
        _ request: KubernetesRequest, _ credentials: Credentials, _ identity: TLSIdentity
    ) async throws -> BodyReader {
        var message = HTTPClientRequest(url: base + request.target)
        message.method = HTTPMethod(rawValue: request.method.rawValue)
        message.headers = ["accept": "application/json, */*", "user-agent": "slipway"]
        if let token = credentials.token { message.headers.add(name: "authorization", value: "Bearer \(token)") }
        if !request.body.isEmpty {
            message.headers.add(name: "content-type", value: "application/json")
            message.body = .bytes(ByteBuffer(bytes: request.body))
        }
        // A plugin's own certificate wins over that of the configuration.
        let isPlugins = credentials.certificate != configuration.login.certificate
        let certificate = isPlugins ? credentials.certificate : identity.certificate
        if isPlugins || identity != firstIdentity {
            message.tlsConfiguration = identity.trust.configuration(certificate)
        }
        let response: HTTPClientResponse
        do {
            // Without a logger: the client's own would print URLs and certificates.
            response = try await http.execute(message, deadline: .distantFuture)
        } catch {
            if Task.isCancelled || error is CancellationError { throw CancellationError() }
            throw KubernetesError(error, operation: request.operation)
        }
        let reader = BodyReader(response.body)
        let status = Int(response.status.code)
        guard !(200..<300).contains(status) else { return reader }
        let body = await Self.start(of: reader, limits: limits)
        try Task.checkCancellation()
        let seconds = response.headers.first(name: "retry-after").flatMap { Int64($0) }
        throw KubernetesError(
            APIStatus(code: status, body: body), operation: request.operation,
            retryAfter: seconds.map { .seconds(min(max($0, 0), 3600)) })
    }

    /// What arrives of a failure's explanation; the status says enough if it breaks off.
    private static func start(of reader: BodyReader, limits: KubernetesLimits) async -> [UInt8] {
        let body = try? await TimeLimit.run(limits.checkTime) {
            var body: [UInt8] = []
            while body.count < limits.failureSize, let more = try? await reader.next() {
                body += more.prefix(limits.failureSize - body.count)
            }
            return body
        }
        return (body ?? nil) ?? []
    }
}
