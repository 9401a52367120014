import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL

/// Gets and puts one object by its URL, and again when that fails in passing.
struct TransferClient: Sendable {
    /// Bytes of an answer to a put that are read, so that the connection ends well.
    private static let maximumAnswer = 64 << 10

    let limits: TransferLimits
    private let http: HTTPClient

    /// Makes a client.
    ///
    /// - Parameters:
    ///   - authorities: More certificates to trust, in PEM; nil for the system's only.
    ///   - limits: How long it takes.
    /// - Throws: ``PodSideError`` when the certificates are none.
    init(authorities: String?, limits: TransferLimits) throws {
        self.limits = limits
        var settings = HTTPClient.Configuration()
        settings.timeout = .init(
            connect: TimeAmount(limits.connect), read: TimeAmount(limits.idle), write: TimeAmount(limits.idle))
        settings.redirectConfiguration = .disallow
        settings.httpVersion = .http1Only
        settings.decompression = .disabled
        settings.connectionPool.retryConnectionEstablishment = false
        if let authorities, !authorities.isEmpty {
            do {
                let certificates = try NIOSSLCertificate.fromPEMBytes(Array(authorities.utf8))
                var security = TLSConfiguration.makeClientConfiguration()
                security.additionalTrustRoots = [.certificates(certificates)]
                settings.tlsConfiguration = security
            } catch {
                throw PodSideError("SLIPWAY_CA_PEM holds no certificates in PEM")
            }
        }
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
    }

    func shutdown() async { try? await http.shutdown() }

    /// Gets an object.
    ///
    /// - Parameters:
    ///   - url: A secret.
    ///   - begin: Called before each try: what came until then is worth nothing.
    ///   - take: Called with each piece; its errors end it all.
    /// - Throws: ``PodSideError``, and what the closures throw.
    func get(
        _ url: String, begin: @Sendable () async throws -> Void, take: @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        try await retrying {
            try await begin()
            let body = try await self.answer(to: HTTPClientRequest(url: url), within: self.limits.total).body
            var chunks = body.makeAsyncIterator()
            while true {
                let chunk: ByteBuffer?
                do {
                    chunk = try await chunks.next(isolation: nil)
                } catch {
                    throw try Self.problem(error)
                }
                guard let chunk else { return }
                try await take(Array(chunk.readableBytesView))
            }
        }
    }

    /// Puts an object.
    ///
    /// - Parameters:
    ///   - url: A secret.
    ///   - file: What to put; read anew at each try.
    /// - Throws: ``PodSideError``.
    func put(_ url: String, _ file: SpooledFile) async throws {
        try await retrying {
            var request = HTTPClientRequest(url: url)
            request.method = .PUT
            // It need not be signed: presigned URLs name the fields that must be there, and others may be.
            request.headers.add(name: "content-md5", value: file.contentMD5)
            request.body = .stream(file.chunks, length: .known(file.size))
            _ = try await self.answer(to: request, within: self.limits.time(for: file.size))
        }
    }

    private func answer(to request: HTTPClientRequest, within time: Duration) async throws -> HTTPClientResponse {
        let http = http
        let response: HTTPClientResponse
        do {
            response = try await http.execute(request, timeout: TimeAmount(time))
        } catch {
            throw try Self.problem(error)
        }
        guard (200..<300).contains(response.status.code) else {
            let body = try? await response.body.collect(upTo: Self.maximumAnswer)
            throw TransferProblem(
                status: response.status.code, body: body.map { String(buffer: $0) } ?? "")
        }
        return response
    }

    /// What a failure of the network means.
    ///
    /// - Throws: `CancellationError` when the calling task is cancelled: then it means nothing.
    private static func problem(_ error: any Error) throws -> TransferProblem {
        try Task.checkCancellation()
        return TransferProblem(error)
    }

    private func retrying(_ body: () async throws -> Void) async throws {
        var end: ContinuousClock.Instant?
        var pause = limits.firstPause
        while true {
            do {
                return try await body()
            } catch let problem as TransferProblem {
                let deadline = end ?? .now + limits.patience
                end = deadline
                let wait = pause * Double.random(in: 0.5...1)
                guard problem.mayPass, .now + wait < deadline else { throw PodSideError(problem.reason) }
                try await Task.sleep(for: wait)
                pause = min(pause * 2, limits.longestPause)
            }
        }
    }
}
