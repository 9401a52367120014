import Glibc
import HTTPGuard
import Hummingbird
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// Answers over HTTP how the server is: probes for kubelet, a page for people, metrics for Prometheus.
package struct HealthServer: Service {
    /// One is plenty for probes, and it is theirs alone: nobody else's work can hold them up.
    private static let eventLoops = 1

    private let addresses: [String]
    private let port: UInt16
    private let responder: HealthResponder
    private let logger: Logger
    private let onListening: @Sendable (UInt16) -> Void
    var limits = ConnectionLimits()

    /// Makes the server.
    ///
    /// - Parameters:
    ///   - addresses: Numeric addresses to listen on; empty means all, IPv4 and IPv6.
    ///   - port: The TCP port; 0 lets the kernel choose one.
    ///   - board: What the probes look at.
    ///   - status: What the status page shows.
    ///   - metrics: Renders the metrics in Prometheus' text format 0.0.4.
    ///   - logger: For what happens to the server itself; requests are not logged.
    ///   - onListening: Called with the port once requests are answered.
    package init(
        addresses: [String], port: UInt16, board: any ProbeBoard, status: any StatusSource,
        metrics: @escaping @Sendable () -> [UInt8], logger: Logger,
        onListening: @escaping @Sendable (UInt16) -> Void = { _ in }
    ) {
        self.addresses = addresses
        self.port = port
        self.logger = logger
        self.onListening = onListening
        responder = HealthResponder(board: board, status: status, metrics: metrics, counters: HealthServerMetrics())
    }

    /// Serves until the shutdown, or until it is cancelled.
    ///
    /// - Throws: When an address cannot be listened on.
    package func run() async throws {
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: Self.eventLoops)
        let loop = loops.next()
        loop.execute(Self.raisePriority)
        LoopLag(loop: loop, metrics: responder.counters).start()
        let result = await serve(on: loops)
        // Not now: the HTTP server closes in a task of its own, which may still come to its loop. The process has mostly ended
        // before.
        Task.detached {
            try? await Task.sleep(for: Self.loopsOutlive)
            try? await loops.shutdownGracefully()
        }
        do {
            try result.get()
        } catch  where !Task.isCancelled {
            throw HealthServerError.stopped("\(error)")
        } catch {}
        guard Task.isShuttingDownGracefully || Task.isCancelled else {
            throw HealthServerError.stopped("its socket was closed")
        }
    }

    /// Listens on all addresses; one that ends, ends all.
    private func serve(on loops: MultiThreadedEventLoopGroup) async -> Result<Void, any Error> {
        let hosts = addresses.isEmpty ? [Self.allAddresses] : addresses
        // One that is in work may go as well: who holds them all must not make kubelet restart the server.
        let roster = ConnectionRoster(limit: ConnectionCap.of(limits.connections), closesBusy: true)
        let servers = ServiceGroup(
            configuration: .init(
                services: hosts.map {
                    .init(
                        service: application(on: $0, loops, roster),
                        successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup)
                },
                logger: Self.quietLogger))
        // The HTTP server must not be cancelled: it would trap on a connection that it has not taken yet. In a task of its
        // own it is not; a cancellation reaches it as a shutdown.
        let serving = Task { try await servers.run() }
        return await withTaskCancellationHandler {
            await serving.result
        } onCancel: {
            Task { await servers.triggerGracefulShutdown() }
        }
    }

    /// Lets the thread of the probes go before others where the server may do that: kubelet waits a second for an answer,
    /// builds and pushes do not (setpriority(2); on Linux it concerns the one thread).
    private static func raisePriority() {
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, priority)
    }

    private static let priority: Int32 = -10

    /// How long event loops stay after the server has ended.
    private static let loopsOutlive = Duration.seconds(1)

    /// An IPv6 socket takes IPv4 as well, where the host has IPv6.
    private static var allAddresses: String {
        let descriptor = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return "0.0.0.0" }
        Glibc.close(descriptor)
        return "::"
    }

    private func application(
        on host: String, _ loops: MultiThreadedEventLoopGroup, _ roster: ConnectionRoster
    ) -> some ApplicationProtocol {
        let (responder, limits, logger, onListening) = (responder, limits, logger, onListening)
        return Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in
                Self.response(await responder.answer(request.head), to: request.method)
            },
            // The time limits are the connection handler's.
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [
                        ConnectionHandler(responder: responder, limits: limits, roster: roster)
                    ],
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: limits.headerSize, maxHeaderListSize: limits.headerSize,
                        maxHeaderFieldCount: limits.headerCount))),
            configuration: .init(address: .hostname(host, port: Int(port)), backlog: AcceptGuard.backlog),
            onServerRunning: { channel in
                do {
                    try await AcceptGuard.add(to: channel, roster: roster, privilege: .probes, isEager: true)
                } catch {
                    logger.error("health cannot accept under load", metadata: ["error": "\(error)"])
                }
                let address = channel.localAddress
                onListening(UInt16(clamping: address?.port ?? Int(port)))
                logger.notice(
                    "health is listening",
                    metadata: ["address": "\(address?.ipAddress ?? host)", "port": "\(address?.port ?? Int(port))"])
            },
            eventLoopGroupProvider: .shared(loops),
            logger: Self.quietLogger)
    }

    /// Hummingbird's own lines about its start say nothing that ours do not.
    private static var quietLogger: Logger {
        var logger = Logger(label: "http")
        logger.logLevel = .warning
        return logger
    }

    private static func response(_ answer: Answer, to method: HTTPRequest.Method) -> Response {
        Response(
            status: answer.status, headers: answer.fields,
            body: method == .head ? .init() : .init(byteBuffer: ByteBuffer(bytes: answer.body)))
    }
}
