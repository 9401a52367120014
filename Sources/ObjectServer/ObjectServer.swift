import HTTPGuard
import Hummingbird
package import Logging
import NIOCore
package import ObjectStorage
import ServiceLifecycle

/// Gives out and takes objects of a directory over HTTP, to whoever has a URL that was signed for it.
///
/// For builds on another machine: they get their source and leave their artifact, as with a bucket's presigned URLs. There is
/// nothing else here: no listing, no other way in.
package struct ObjectServer: Service {
    /// Where objects are below the server's address.
    package static let path = "/objects"
    /// A connection that moves no byte for so long is closed.
    var idleTimeout: TimeAmount = .seconds(20)

    /// Builds that fetch and store at one time; while all of these do, further clients wait in the kernel's queue.
    ///
    /// Fewer where the process may have few descriptors. A connection that asks for nothing makes room for one that may.
    var maximumConnections = 256

    private let addresses: [String]
    private let port: UInt16
    private let exchange: ObjectExchange
    private let logger: Logger
    private let onListening: @Sendable (UInt16) -> Void

    /// Makes the server.
    ///
    /// - Parameters:
    ///   - addresses: Numeric addresses to listen on; empty means all, IPv4 and IPv6.
    ///   - port: The TCP port; 0 lets the kernel choose one.
    ///   - store: Where the objects are.
    ///   - signer: Knows which URLs are ours.
    ///   - maximumSize: Bytes of the largest object that is taken.
    ///   - logger: Told of transfers, without what makes their URLs secret.
    ///   - onListening: Called with the port once requests are answered.
    package init(
        addresses: [String], port: UInt16, store: any ObjectStore, signer: ObjectURLSigner, maximumSize: Int64,
        logger: Logger, onListening: @escaping @Sendable (UInt16) -> Void = { _ in }
    ) {
        self.addresses = addresses
        self.port = port
        self.logger = logger
        self.onListening = onListening
        exchange = ObjectExchange(store: store, signer: signer, maximumSize: maximumSize, logger: logger)
    }

    /// Serves until the shutdown, or until it is cancelled.
    ///
    /// - Throws: When an address cannot be listened on.
    package func run() async throws {
        let hosts = addresses.isEmpty ? ["::"] : addresses
        let roster = ConnectionRoster(limit: ConnectionCap.of(maximumConnections), closesBusy: false)
        let servers = ServiceGroup(
            configuration: .init(
                services: hosts.map {
                    .init(
                        service: application(on: $0, roster), successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup)
                },
                logger: Self.quietLogger))
        // Hummingbird must not be cancelled: it traps on a connection that it has not taken yet. In a task of its own it is
        // not; a cancellation reaches it as a shutdown.
        let serving = Task { try await servers.run() }
        let result = await withTaskCancellationHandler {
            await serving.result
        } onCancel: {
            Task { await servers.triggerGracefulShutdown() }
        }
        let isOver = Task.isShuttingDownGracefully || Task.isCancelled
        if case .failure(let error) = result, !isOver { throw ObjectServerError.stopped("\(error)") }
        guard isOver else { throw ObjectServerError.stopped("its socket was closed") }
    }

    private func application(on host: String, _ roster: ConnectionRoster) -> some ApplicationProtocol {
        let (exchange, logger, onListening) = (exchange, logger, onListening)
        return Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in await exchange.answer(request) },
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [RequestWatch(roster: roster)], idleTimeout: idleTimeout)),
            configuration: .init(address: .hostname(host, port: Int(port)), backlog: AcceptGuard.backlog),
            onServerRunning: { channel in
                do {
                    try await AcceptGuard.add(to: channel, roster: roster, privilege: .clients, isEager: false)
                } catch {
                    logger.error("connections for objects are not limited", metadata: ["error": "\(error)"])
                }
                let bound = channel.localAddress?.port ?? Int(port)
                onListening(UInt16(clamping: bound))
                logger.notice(
                    "objects is listening",
                    metadata: ["address": "\(channel.localAddress?.ipAddress ?? host)", "port": "\(bound)"])
            },
            logger: Self.quietLogger)
    }

    private static var quietLogger: Logger {
        var logger = Logger(label: "http")
        logger.logLevel = .critical
        return logger
    }
}

/// Why the server of objects is no longer there.
enum ObjectServerError: Error, CustomStringConvertible {
    case stopped(String)

    var description: String {
        switch self {
        case .stopped(let reason): "the server of objects stopped accepting connections: \(reason)"
        }
    }
}
