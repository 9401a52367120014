/// Why the API server did not do what it was asked to.
package struct KubernetesError: Error, Sendable {
    /// What kind of failure it is, for programs.
    package enum Kind: String, Sendable, CaseIterable {
        /// No connection came about, or it broke.
        case unreachable
        /// The server accepted a connection and did not answer in time.
        case timedOut
        /// The server's certificate is not trusted.
        case notTrusted
        /// The server does not know who asks (401).
        case unauthorized
        /// The server knows, and refuses (403): rights, a quota or an admission rule.
        case forbidden
        case notFound
        case alreadyExists
        case conflict
        /// The request or the object is not valid (400, 422).
        case invalid
        /// A resource version or a page that the server no longer has (410).
        case gone
        case tooManyRequests
        /// The server failed (5xx).
        case serverError
        /// An answer that no API server gives.
        case malformed
        /// There is nothing to log in with: a token file or a plugin failed.
        case credentials
        /// The client is shut down.
        case shutDown
    }

    package let kind: Kind
    /// What was to be done, as in `create jobs in slipway-builds`.
    package let operation: String
    /// What the server says of it, if it answered.
    package let status: APIStatus?
    /// What else is known; never a secret, never the URL's query.
    package let detail: String
    /// Whether the server may have done what it was asked to although this failed.
    package let leavesDoubt: Bool
    /// How long the server asks to wait.
    let retryAfter: Duration?

    /// Makes an error.
    package init(
        _ kind: Kind, operation: String, status: APIStatus? = nil, detail: String = "", leavesDoubt: Bool = false,
        retryAfter: Duration? = nil
    ) {
        self.kind = kind
        self.operation = operation
        self.status = status
        self.detail = detail.printable(500)
        self.leavesDoubt = leavesDoubt
        self.retryAfter = retryAfter
    }

    /// Makes one of an answer.
    init(_ status: APIStatus, operation: String, retryAfter: Duration? = nil) {
        let kind: Kind =
            switch status.code {
            case 400, 405, 406, 413, 415, 422: .invalid
            case 401: .unauthorized
            case 403: .forbidden
            case 404: .notFound
            case 409: status.reason == "AlreadyExists" ? .alreadyExists : .conflict
            case 410: .gone
            case 429: .tooManyRequests
            case 504: .timedOut
            case 500...: .serverError
            default: .malformed
            }
        // "ServerTimeout" and the like come after the request was let in. "ServiceUnavailable" comes before, if the server
        // itself says it: a load balancer also says 503 when it lost a server that had begun.
        let isBefore = status.code < 500 || status.code == 503 && status.isObject
        self.init(kind, operation: operation, status: status, leavesDoubt: !isBefore, retryAfter: retryAfter)
    }

    /// Whether it may pass by itself: the server is away, busy or in trouble.
    package var isTransient: Bool {
        switch kind {
        case .unreachable, .timedOut, .tooManyRequests, .serverError, .malformed, .gone: true
        case .notTrusted, .unauthorized, .forbidden, .notFound, .alreadyExists, .conflict, .invalid, .credentials,
            .shutDown:
            false
        }
    }

    /// Whether the server refuses us rather than being away: somebody has to change something.
    package var isRefusal: Bool {
        switch kind {
        case .notTrusted, .unauthorized, .forbidden, .credentials, .invalid: true
        default: false
        }
    }
}
