import AsyncHTTPClient
import Builds
import NIOCore
import NIOHTTP1
import NIOSSL
import Synchronization

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
        _ url: String, begin: @escaping @Sendable () async throws -> Void,
        take: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        let time = limits.total
        try await retrying(within: time) {
            try await begin()
            let body = try await self.answer(to: HTTPClientRequest(url: url), within: time).body
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
        let time = limits.time(for: file.size)
        try await retrying(within: time) {
            var request = HTTPClientRequest(url: url)
            request.method = .PUT
            // It need not be signed: presigned URLs name the fields that must be there, and others may be.
            request.headers.add(name: "content-md5", value: file.contentMD5)
            request.body = .stream(file.chunks, length: .known(file.size))
            _ = try await self.answer(to: request, within: time)
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

    /// Tries, and again, within one limit for all of it: the client's own ends with the head of an answer.
    private func retrying(within time: Duration, _ body: @escaping @Sendable () async throws -> Void) async throws {
        let last = Mutex<TransferProblem?>(nil)
        do {
            try await withTimeLimit(time) {
                try await self.retrying { problem in
                    last.withLock { $0 = problem }
                } body: {
                    try await body()
                }
            }
        } catch is TimeLimitError {
            guard let problem = last.withLock({ $0 }) else {
                throw PodSideError("the transfer from or to the object store took more than \(time.words)")
            }
            throw PodSideError("\(problem.reason); it was tried for \(time.words)")
        }
    }

    private func retrying(
        _ note: (TransferProblem) -> Void, body: () async throws -> Void
    ) async throws {
        var end: ContinuousClock.Instant?
        var pause = limits.firstPause
        while true {
            do {
                return try await body()
            } catch let problem as TransferProblem {
                note(problem)
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
