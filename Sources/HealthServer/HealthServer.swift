import Glibc
import HTTPTypes
package import Health
import Hummingbird
package import Logging
import NIOCore
import ServiceLifecycle

/// Answers probes over HTTP, from memory: a handler never waits on anything.
package struct HealthServer: Service {
    /// A connection that sends nothing for this long is closed; kubelet opens a new one for each probe.
    ///
    /// There is no cap on connections: who holds them all would make kubelet restart the server.
    private static let idleTimeout: TimeAmount = .seconds(10)

    private let addresses: [String]
    private let port: UInt16
    private let probes: Probes
    private let logger: Logger

    /// Makes the server.
    ///
    /// - Parameters:
    ///   - addresses: Numeric addresses to listen on; empty means all, IPv4 and IPv6.
    ///   - port: The TCP port; 0 lets the kernel choose one.
    ///   - circuit: Closed while the SSH server accepts.
    ///   - logger: For what happens to the server itself; requests are not logged.
    package init(addresses: [String], port: UInt16, circuit: Circuit, logger: Logger) {
        self.addresses = addresses
        self.port = port
        self.logger = logger
        probes = Probes(circuit: circuit)
    }

    /// Serves until the shutdown.
    ///
    /// - Throws: When an address cannot be listened on.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for host in addresses.isEmpty ? [Self.allAddresses] : addresses {
                group.addTask { try await application(on: host).run() }
            }
            // One that ends, ends all.
            do {
                try await group.next()
            } catch {
                throw HealthServerError.stopped("\(error)")
            }
            group.cancelAll()
            guard Task.isShuttingDownGracefully || Task.isCancelled else {
                throw HealthServerError.stopped("its socket was closed")
            }
        }
    }

    /// An IPv6 socket takes IPv4 as well, where the host has IPv6.
    private static var allAddresses: String {
        let descriptor = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return "0.0.0.0" }
        close(descriptor)
        return "::"
    }

    private func application(on host: String) -> some ApplicationProtocol {
        let router = Router()
        for probe in Probe.allCases {
            for path in probe.paths {
                // Hummingbird answers HEAD only where a route says so.
                router.on(RouterPath(path), method: .get) { request, _ in response(to: probe, request) }
                router.on(RouterPath(path), method: .head) { request, _ in response(to: probe, request) }
            }
        }
        return Application(
            router: router,
            server: .http1(configuration: .init(idleTimeout: Self.idleTimeout)),
            configuration: .init(address: .hostname(host, port: Int(port))),
            onServerRunning: { channel in
                let address = channel.localAddress
                logger.notice(
                    "health is listening",
                    metadata: ["address": "\(address?.ipAddress ?? host)", "port": "\(address?.port ?? Int(port))"])
            },
            logger: Self.quietLogger)
    }

    /// Hummingbird's own lines about its start say nothing that ours do not.
    private static var quietLogger: Logger {
        var logger = Logger(label: "http")
        logger.logLevel = .warning
        return logger
    }

    private func response(to probe: Probe, _ request: Request) -> Response {
        let answer = probes.answer(to: probe, verbose: request.uri.queryParameters["verbose"] != nil)
        let body = ByteBuffer(string: answer.body)
        return Response(
            status: answer.isHealthy ? .ok : .serviceUnavailable,
            headers: [
                .contentType: "text/plain; charset=utf-8", .cacheControl: "no-store",
                .contentLength: "\(body.readableBytes)",
            ],
            body: request.method == .head ? .init() : .init(byteBuffer: body))
    }
}
