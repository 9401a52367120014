import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import Synchronization

/// Sends calls to one bucket: signs them, limits them, and sends them again where that is safe.
///
/// All calls may be sent twice: they say what shall be, and conditional ones find their own effect by a mark.
final class S3Client: Sendable {
    let configuration: S3Configuration
    let connections: S3Connections
    let logger: Logger
    let clock = ClockCorrection()
    let budget = RetryBudget()
    /// Cleared for good when the server says that it does not know checksums.
    let usesChecksums = Atomic<Bool>(true)
    let provider: any CredentialsProvider
    /// What the content of puts may take.
    let memory: UploadMemory
    private let slots: FairBudget
    private let smallSlots: FairBudget

    /// Makes a client of one bucket.
    ///
    /// - Parameters:
    ///   - configuration: Which bucket, where.
    ///   - credentials: Who signs.
    ///   - connections: What sends.
    ///   - logger: Told of retries.
    init(
        configuration: S3Configuration, credentials: any CredentialsProvider, connections: S3Connections,
        logger: Logger
    ) {
        self.configuration = configuration
        self.connections = connections
        self.logger = logger
        provider = credentials
        slots = FairBudget(configuration.limits.concurrentRequests)
        smallSlots = FairBudget(configuration.limits.concurrentSmallRequests)
        memory = UploadMemory(configuration.limits)
    }

    /// Sends a call once.
    ///
    /// - Parameters:
    ///   - request: The call.
    ///   - credentials: Who signs.
    ///   - followsDoubt: Handed on in the response.
    ///   - finish: Reads the body; it is part of the attempt.
    /// - Returns: What `finish` returns.
    /// - Throws: ``S3Failure``, `CancellationError`.
    func attempt<Success: Sendable>(
        _ request: S3Request, _ credentials: S3Credentials, followsDoubt: Bool,
        _ finish: @escaping @Sendable (S3Response) async throws -> Success
    ) async throws -> Success {
        let slot = try await slot(for: request)
        defer { slot?.end() }
        let started = ContinuousClock.now
        let limit = configuration.limits.patience(for: request).attemptTime
        let timeOut = S3Failure(.transport(.timedOut("the answer was not complete after \(limit)")))
        do {
            // That of the HTTP client ends with the answer's head; bodies may come byte by byte.
            let value = try await TimeLimit.run(limit, orThrow: timeOut) { [self] in
                let response = try await answer(request, credentials, within: limit, followsDoubt: followsDoubt)
                return try await finish(response)
            }
            S3Metrics.count(request.operation, "ok", since: started)
            return value
        } catch {
            let failure = try failure(error)
            S3Metrics.count(request.operation, failure.outcome, since: started)
            throw failure
        }
    }

    /// Waits until a request may be sent: small ones not behind large ones, and one that puts parts together behind nobody.
    ///
    /// It asks for little, but may hold its place for minutes.
    private func slot(for request: S3Request) async throws -> BudgetShare? {
        switch request.kind {
        case .small: try await .take(1, of: smallSlots)
        case .large: try await .take(1, of: slots)
        case .completion: nil
        }
    }

    /// Sends a call and waits for the head of a good answer.
    private func answer(
        _ request: S3Request, _ credentials: S3Credentials, within limit: Duration, followsDoubt: Bool
    ) async throws -> S3Response {
        // A part has them if its upload was begun with them.
        let hasChecksums = request.operation == .uploadPart || usesChecksums.load(ordering: .relaxed)
        let response = try await connections.client(for: request).execute(
            sign(request, credentials, hasChecksums: hasChecksums), deadline: .now() + TimeAmount(limit), logger: logger
        )
        let status = Int(response.status.code)
        guard (200..<300).contains(status) else {
            // Part of it, when it is too long or breaks off, is worth nothing: the status says enough.
            let body = (try? await response.body.collect(upTo: S3ErrorAnswer.maximumSize)) ?? ByteBuffer()
            try Task.checkCancellation()
            throw S3Failure(
                .answer(
                    S3ErrorAnswer(status: status, headers: response.headers, body: Array(body.readableBytesView))))
        }
        return S3Response(
            status: status, headers: response.headers, body: response.body, hadChecksums: hasChecksums,
            followsDoubt: followsDoubt)
    }

    private func failure(_ error: any Error) throws -> S3Failure {
        if let error = error as? S3Failure { return error }
        if Task.isCancelled || error is CancellationError { throw CancellationError() }
        if error is NIOTooManyBytesError { return S3Failure(.nonsense("the answer is longer than any of S3")) }
        return S3Failure(.transport(TransportProblem(error)))
    }
}
