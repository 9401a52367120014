import AsyncHTTPClient
import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// What can go wrong between us and the server.
enum TransportProblem: Sendable, Equatable {
    /// No connection came about: the server has seen nothing.
    case notConnected(String)
    /// The server is not who it should be.
    case notTrusted(String)
    case timedOut(String)
    case cut(String)
    /// The HTTP client is shut down.
    case shutDown

    /// Finds out what an error of the HTTP client means.
    ///
    /// - Parameter error: What was thrown.
    init(_ error: any Error) {
        switch error {
        case let error as HTTPClientError: self.init(client: error)
        case is NIOConnectionError: self = .notConnected("\(error)")
        case let error as IOError where error.errnoCode == ECONNREFUSED: self = .notConnected("\(error)")
        case is NIOSSLExtraError: self = .notTrusted("\(error)")
        case NIOSSLError.handshakeFailed: self = .notTrusted("\(error)")
        case let error as ChannelError:
            if case .connectTimeout = error { self = .notConnected("\(error)") } else { self = .cut("\(error)") }
        default: self = .cut("\(error)")
        }
    }

    private init(client error: HTTPClientError) {
        switch error {
        case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout, .socksHandshakeTimeout,
            .httpProxyHandshakeTimeout:
            self = .notConnected("\(error.shortDescription)")
        case .readTimeout, .writeTimeout, .deadlineExceeded: self = .timedOut("\(error.shortDescription)")
        case .alreadyShutdown: self = .shutDown
        default: self = .cut("\(error.shortDescription)")
        }
    }

    /// Whether the server may have done what it was asked to.
    var leavesDoubt: Bool {
        switch self {
        case .timedOut, .cut: true
        case .notConnected, .notTrusted, .shutDown: false
        }
    }
}

extension TransportProblem: CustomStringConvertible {
    var description: String {
        switch self {
        case .notConnected(let reason): "no connection (\(reason))"
        case .notTrusted(let reason): "no trustworthy connection (\(reason))"
        case .timedOut(let reason): "no answer in time (\(reason))"
        case .cut(let reason): "the connection broke (\(reason))"
        case .shutDown: "the store is shut down"
        }
    }
}
