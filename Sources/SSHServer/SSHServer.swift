package import Health
package import Logging
package import Metrics
import ServiceLifecycle
import SystemCalls

/// Accepts SSH connections, lets users in by key, and gives their requests to a handler.
package actor SSHServer: Service {
    /// Where the server is in its life; every transition is written once.
    private enum State {
        case bound([ListeningSocket])
        case serving(Acceptor)
        case stopped
    }

    private let configuration: SSHServerConfiguration
    private let bind: ServerBind
    private let registry: ConnectionRegistry
    private let authenticator: any KeyAuthenticator
    private let handler: any RequestHandler
    private let circuit: Circuit
    private let drainState: DrainState
    private let heartbeat: Heartbeat
    private let metrics: SSHServerMetrics
    private let logger: Logger
    private let onListening: @Sendable (UInt16) -> Void
    private var state: State
    private var connections: [UInt64: Connection] = [:]
    private var nextConnectionID: UInt64 = 0
    private var draining = false

    /// The port that was bound, which matters when 0 was asked for.
    package nonisolated let port: UInt16

    /// Where a dial from within this process goes to, to find out whether the port answers.
    package nonisolated let dialTarget: DialTarget

    /// To be told of such dials, which come from ``dialTarget``'s own address.
    package nonisolated let ownDials: OwnDials

    /// How full the server is; memory only.
    package nonisolated var slots: ConnectionSlots { registry.slots }

    /// Loads keys, checks algorithms and binds the port; nobody can connect before ``run()``.
    ///
    /// - Parameters:
    ///   - configuration: Where to listen, what to offer, limits and times.
    ///   - hostKeys: The server's own keys.
    ///   - authenticator: Knows whose a key is.
    ///   - handler: Serves the requests of those who logged in.
    ///   - circuit: Closed while the server accepts.
    ///   - drain: Told each step of a shutdown.
    ///   - heartbeat: Beats at least each second while the server accepts; retired when it stops doing so on purpose.
    ///   - metrics: Where the server's metrics are kept.
    ///   - logger: Each connection's lines get its number and address.
    ///   - onListening: Called with the port once clients can connect.
    /// - Throws: ``SSHServerError``, one line that names the setting.
    package init(
        configuration: SSHServerConfiguration, hostKeys: HostKeys, authenticator: any KeyAuthenticator,
        handler: any RequestHandler, circuit: Circuit, drain: DrainState, heartbeat: Heartbeat,
        metrics: any MetricsFactory = MetricsSystem.factory, logger: Logger,
        onListening: @escaping @Sendable (UInt16) -> Void = { _ in }
    ) throws(SSHServerError) {
        let asked = configuration.limits
        var configuration = configuration
        let descriptors = Descriptors.limit
        configuration.limits = try asked.fitted(to: descriptors)
        if configuration.limits != asked {
            logger.warning(
                "fewer connections than ssh.max-connections: the limit of open files is too low (ulimit -n, LimitNOFILE)",
                metadata: [
                    "ssh.max-connections": "\(asked.maximumConnections)",
                    "connections": "\(configuration.limits.maximumConnections)",
                    "logins": "\(configuration.limits.maximumUnauthenticated)", "open-files": "\(descriptors)",
                    "open-files-needed": "\(asked.neededDescriptors)",
                ])
        }
        self.configuration = configuration
        self.authenticator = authenticator
        self.handler = handler
        self.circuit = circuit
        drainState = drain
        self.heartbeat = heartbeat
        self.metrics = SSHServerMetrics(factory: metrics, limits: configuration.limits)
        self.logger = logger
        self.onListening = onListening
        registry = ConnectionRegistry(limits: configuration.limits, metrics: self.metrics)
        bind = try ServerBind(hostKeys: hostKeys, algorithms: configuration.algorithms)
        let sockets = try ListeningSocket.bind(
            addresses: configuration.addresses, port: configuration.port, setting: "ssh.port")
        port = sockets.first?.port ?? configuration.port
        dialTarget = DialTarget(host: ListeningSocket.dialled(for: configuration.addresses), port: port)
        ownDials = OwnDials(address: dialTarget.host)
        state = .bound(sockets)
    }

    /// Serves until a graceful shutdown has drained it, or it is cancelled.
    ///
    /// - Throws: ``SSHServerError`` when it cannot listen or accept any more.
    package func run() async throws {
        guard case .bound(let sockets) = state else { throw SSHServerError.listen("the server ran already") }
        let acceptor = try Acceptor(
            sockets: sockets, registry: registry, ownDials: ownDials, heartbeat: heartbeat,
            configuration: configuration, logger: logger)
        for socket in sockets { try socket.listen() }
        try acceptor.start()
        state = .serving(acceptor)
        circuit.close()
        logger.notice("ssh is listening", metadata: ["on": "\(sockets.map(\.description).joined(separator: ", "))"])
        onListening(port)
        defer {
            circuit.open()
            acceptor.stop()
            if drainState.isDraining { drainState.ended() }
            state = .stopped
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.acceptConnections(from: acceptor) }
            group.addTask { await self.drain(acceptor) }
            // Either all connections have ended after a shutdown, or the drain has waited long enough.
            try await group.next()
            group.cancelAll()
        }
        logger.notice("ssh has stopped")
    }

    private func acceptConnections(from acceptor: Acceptor) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            for try await socket in acceptor.connections {
                group.addTask { await self.serve(socket) }
            }
        }
    }

    // MARK: Checks without serving

    /// Checks that a port could be bound.
    ///
    /// - Throws: ``SSHServerError`` that names `setting`.
    package static func checkPort(addresses: [String], port: UInt16, setting: String) throws(SSHServerError) {
        for socket in try ListeningSocket.bind(addresses: addresses, port: port, setting: setting) {
            close(descriptor: socket.descriptor)
        }
    }

    /// Checks that libssh knows all algorithms of the lists.
    ///
    /// - Throws: ``SSHServerError/algorithms(list:value:)``.
    package static func checkAlgorithms(_ algorithms: SSHServerConfiguration.Algorithms) throws(SSHServerError) {
        _ = try ServerBind(hostKeys: nil, algorithms: algorithms)
    }

    // MARK: One connection

    private func serve(_ socket: AcceptedSocket) async {
        defer { giveBack(socket) }
        nextConnectionID += 1
        let id = nextConnectionID
        let connection = Connection(
            id: id, socket: socket, bind: bind, configuration: configuration, authenticator: authenticator,
            logger: logger, metrics: socket.isOwnDial ? nil : metrics,
            onAuthenticated: { [registry] in socket.ticket.map { registry.authenticated($0) } })
        guard let connection else {
            return logger.log(
                level: socket.isOwnDial ? .debug : .warning,
                "cannot serve a connection: memory, threads or descriptors have run out")
        }
        connections[id] = connection
        if let ticket = socket.ticket {
            registry.isSetUp(ticket) { [weak connection] in
                Task { await connection?.endIfNotAuthenticated(.crowded) }
            }
        }
        await connection.open()
        await withDiscardingTaskGroup { group in
            group.addTask { await self.watchLogin(of: connection) }
            for await (request, channel) in connection.requests {
                group.addTask { await self.serve(request, on: channel, of: connection) }
            }
            // The client is gone, or we stop: whatever still runs for it is cancelled.
            group.cancelAll()
        }
        await part(from: connection)
        connections[id] = nil
    }

    private func giveBack(_ socket: AcceptedSocket) {
        if let ticket = socket.ticket { registry.remove(ticket) } else { ownDials.release() }
    }

    /// Ends a connection, if the client does not do so first.
    ///
    /// A client that is told to disconnect drops what it has not shown yet, so it gets a moment to read the end of its answer.
    private nonisolated func part(from connection: Connection) async {
        // In a task of its own: this one may be cancelled.
        let limit = Task {
            try await Task.sleep(for: Self.lastWords)
            await connection.end(.shutdown)
        }
        await connection.ended()
        limit.cancel()
    }

    /// Ends a connection that does not log in.
    private nonisolated func watchLogin(of connection: Connection) async {
        // Cancelled when the connection ends before.
        guard (try? await Task.sleep(for: configuration.loginGraceTime)) != nil else { return }
        await connection.endIfNotAuthenticated(.loginTime)
    }

    /// Ends a connection on which a request runs, and whose client gives no sign of life.
    ///
    /// Where nothing runs the kernel alone asks, which wakes nobody: see ``Acceptor``.
    private nonisolated func watchLife(of connection: Connection) async {
        var pause = configuration.keepAliveInterval
        while (try? await Task.sleep(for: pause)) != nil {
            pause = await connection.keepAlive()
        }
    }

    /// Runs the handler for one request; it is cancelled when the client closes the channel.
    private func serve(_ request: SSHRequest, on channel: SSHChannel, of connection: Connection) async {
        let handler = handler
        await withDiscardingTaskGroup { group in
            group.addTask {
                let status = await handler.handle(request, on: channel)
                // Wakes the other task as well.
                await connection.finish(channel: channel.id, status: status)
            }
            group.addTask { await self.watchLife(of: connection) }
            await connection.closed(channel: channel.id)
            group.cancelAll()
        }
        guard draining else { return }
        // The client hangs up by itself once it has its answer; one that keeps the connection for later is parted from.
        // When this is cancelled, it is told so by the end of `serve(_:)`.
        guard (try? await Task.sleep(for: Self.lastWords)) != nil else { return }
        await connection.endIfIdle(.shutdown)
    }

    // MARK: Shutdown

    /// How long a client may take to read the end of an answer while the server shuts down.
    private static let lastWords: Duration = .seconds(1)
    /// How long a client that had just connected when the listener closed may take to make its request.
    private static let lastRequests: Duration = .seconds(2)

    /// Waits for a graceful shutdown and carries it out; returns when running commands have had their time.
    private func drain(_ acceptor: Acceptor) async {
        do {
            try await gracefulShutdown()
            drainState.stillAccepting(until: .now + configuration.drainDelay)
            circuit.open()
            logger.notice(
                "draining: still accepting", metadata: ["for": "\(configuration.drainDelay)"])
            try await Task.sleep(for: configuration.drainDelay)
            acceptor.stop()
            draining = true
            drainState.waiting(until: .now + Self.lastRequests + configuration.drainTimeout)
            logger.notice("draining: no more connections", metadata: ["connections": "\(registry.count)"])
            // Cut short when the last connection ends.
            try await Task.sleep(for: Self.lastRequests)
            await withDiscardingTaskGroup { group in
                for connection in connections.values {
                    group.addTask { await connection.endIfIdle(.shutdown) }
                }
            }
            try await Task.sleep(for: configuration.drainTimeout)
            logger.warning(
                "draining: time is up, running commands are cancelled",
                metadata: ["connections": "\(registry.count)"])
        } catch {
            // Cancelled: everything has ended already.
        }
    }
}
