import AsyncHTTPClient
import Glibc
import NIOCore
import NIOPosix
import NIOSSL

extension KubernetesError {
    /// Finds out what an error of the HTTP client means.
    ///
    /// - Parameters:
    ///   - error: What was thrown; not a cancellation.
    ///   - operation: What was to be done.
    init(_ error: any Error, operation: String) {
        let (kind, detail, leavesDoubt) = Self.meaning(error)
        self.init(kind, operation: operation, detail: detail, leavesDoubt: leavesDoubt)
    }

    private static func meaning(_ error: any Error) -> (Kind, String, Bool) {
        switch error {
        case let error as HTTPClientError: return meaning(error)
        // Its own description would repeat the server's name.
        case let error as NIOConnectionError:
            let causes =
                error.connectionErrors.map { "\($0.error)" }
                + [error.dnsAError, error.dnsAAAAError].compactMap {
                    $0.map { "\($0)" }
                }
            return (.unreachable, "no connection: \(causes.first ?? "the name has no address")", false)
        case let error as IOError where [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH].contains(error.errnoCode):
            return (.unreachable, "no connection: \(error)", false)
        case is NIOSSLExtraError: return (.notTrusted, "\(error)", false)
        case let NIOSSLError.handshakeFailed(reason):
            let text = "\(reason)"
            // Anything else is a server that hangs up in the middle, as one that is starting or stopping.
            let isTrust = text.contains("CERTIFICATE") || text.contains("certificate")
            return (isTrust ? .notTrusted : .unreachable, "TLS: \(text)", false)
        case let ChannelError.connectTimeout(time):
            return (.unreachable, "no connection within \(time.nanoseconds / 1_000_000) ms", false)
        case is NIOTooManyBytesError: return (.malformed, "the answer is too long", true)
        default: return (.unreachable, "the connection broke: \(error)", true)
        }
    }

    private static func meaning(_ error: HTTPClientError) -> (Kind, String, Bool) {
        switch error {
        case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout:
            (.unreachable, "no connection in time", false)
        case .readTimeout, .writeTimeout, .deadlineExceeded: (.timedOut, error.shortDescription, true)
        case .alreadyShutdown: (.shutDown, "", false)
        default: (.unreachable, "the connection broke: \(error.shortDescription)", true)
        }
    }
}
