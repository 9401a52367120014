import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Asks services for credentials.
struct CredentialsFetcher: Sendable {
    /// Bytes of an answer: those of STS have about 2,000.
    private static let maximumSize = 64 << 10
    private static let attempts = 3
    private static let firstDelay = Duration.milliseconds(200)

    let http: HTTPClient

    /// Sends a request, again when the service is in trouble.
    ///
    /// - Parameters:
    ///   - method: As in `GET`.
    ///   - url: Where to.
    ///   - headers: Besides the usual ones.
    ///   - body: Nothing when empty.
    ///   - limit: For one attempt.
    ///   - name: Of the source, for the error.
    /// - Returns: The status and the answer.
    /// - Throws: ``CredentialsError`` when there is none, `CancellationError`.
    func fetch(
        _ method: HTTPMethod, _ url: String, headers: [(String, String)] = [], body: String = "",
        limit: Duration = .seconds(3), for name: String
    ) async throws -> (status: Int, bytes: [UInt8]) {
        var request = HTTPClientRequest(url: url)
        request.method = method
        request.headers = HTTPHeaders(headers)
        if !body.isEmpty { request.body = .bytes(ByteBuffer(string: body)) }
        var attempt = 1
        while true {
            let reason: String
            do {
                let (http, sent) = (http, request)
                let answer = try await TimeLimit.run(limit) {
                    let response = try await http.execute(sent, deadline: .now() + TimeAmount(limit))
                    let bytes = try await response.body.collect(upTo: Self.maximumSize)
                    return (status: Int(response.status.code), bytes: Array(bytes.readableBytesView))
                }
                if answer.status < 500 || attempt >= Self.attempts { return answer }
                reason = "status \(answer.status)"
            } catch {
                try Task.checkCancellation()
                let isTimeOut = error is CancellationError
                reason = isTimeOut ? "no answer within \(limit)" : TransportProblem(error).description
            }
            guard attempt < Self.attempts else { throw CredentialsError.source(name, reason: reason) }
            try await Task.sleep(for: Self.firstDelay * (1 << (attempt - 1)) * Double.random(in: 0...1))
            attempt += 1
        }
    }
}
