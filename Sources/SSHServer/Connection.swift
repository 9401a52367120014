import CLibSSH
import Glibc
import Logging
import Synchronization

/// One client's SSH connection, from key exchange to its end, on a thread of its own.
///
/// Never shares its libssh event with another session: a write polls them all and would run other sessions' callbacks nested.
@safe actor Connection {
    /// How a client that will not be served any longer is told; shown by `ssh` as "Received disconnect from …".
    enum Farewell: String {
        case tooManyTries = "Too many keys were tried. Name the right one: ssh -o IdentitiesOnly=yes -i KEY"
        case loginTime = "Login took too long"
        case crowded =
            "Many clients are logging in, and there is no place for one that takes so long. Try again in a moment"
        case shutdown = "The builder is restarting. Try again in a moment"
        case silent = "No sign of life"
        case overflow = "More was sent than the channel's window allowed"
    }

    /// How long the connection's thread may wait for a client to take the last bytes.
    private static let flushTime: Duration = .seconds(1)

    nonisolated let id: UInt64
    nonisolated let address: String
    nonisolated let requests: AsyncStream<(SSHRequest, SSHChannel)>
    let configuration: SSHServerConfiguration
    let authenticator: any KeyAuthenticator
    /// `nil` for the builder's own dials.
    let metrics: SSHServerMetrics?
    let onAuthenticated: @Sendable () -> Void
    var logger: Logger

    private let loop: ConnectionLoop
    let requestSink: AsyncStream<(SSHRequest, SSHChannel)>.Continuation
    /// Touched on the connection's thread only, and by `deinit`, when nobody else is left.
    nonisolated(unsafe) var session: ssh_session?
    // Written in `open()`, then only read by libssh, as long as the session lives.
    private nonisolated(unsafe) let serverCallbacks: UnsafeMutablePointer<ssh_server_callbacks_struct>
    nonisolated(unsafe) let channelCallbacks: UnsafeMutablePointer<ssh_channel_callbacks_struct>
    // Written by libssh, read on the connection's thread.
    nonisolated(unsafe) let traffic: UnsafeMutablePointer<ssh_counter_struct>
    var channels: [UInt64: ChannelState] = [:]
    private let tickets = Atomic<UInt64>(0)
    var userName: String?
    /// The key that proved it.
    var userKey: [UInt8] = []
    var failedTries = 0
    /// The client was told that the list of keys cannot be read.
    var hasExplainedTrouble = false
    /// Questions for a sign of life since the client was last heard.
    var unanswered = 0
    /// How many bytes had come when ``keepAlive()`` last looked.
    var heard: UInt64 = 0
    /// Channels that we have closed and the client has not; libssh keeps them until it does.
    var lingering: Set<UInt> = []
    var farewell: Farewell?
    private var endWaiters: [CheckedContinuation<Void, Never>] = []

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }

    /// Takes over an accepted socket; `nil` when memory, descriptors or threads have run out, and the socket is closed then.
    ///
    /// - Parameters:
    ///   - id: Tells one connection from another in log lines.
    ///   - socket: Non-blocking; closed with the connection.
    ///   - bind: Makes the session.
    ///   - configuration: Limits and times.
    ///   - authenticator: Knows whose a key is.
    ///   - logger: Gets the connection's number and address as metadata.
    ///   - metrics: `nil` counts nothing.
    ///   - onAuthenticated: Called once, when the client has logged in.
    init?(
        id: UInt64, socket: AcceptedSocket, bind: ServerBind, configuration: SSHServerConfiguration,
        authenticator: any KeyAuthenticator, logger: Logger, metrics: SSHServerMetrics?,
        onAuthenticated: @escaping @Sendable () -> Void
    ) {
        guard let loop = ConnectionLoop() else {
            close(socket.descriptor)
            return nil
        }
        guard let session = unsafe bind.makeSession(on: socket.descriptor) else { return nil }
        self.id = id
        self.loop = loop
        self.address = socket.address
        self.configuration = configuration
        self.authenticator = authenticator
        self.metrics = metrics
        self.onAuthenticated = onAuthenticated
        self.logger = logger
        self.logger[metadataKey: "connection"] = "\(id)"
        self.logger[metadataKey: "address"] = "\(socket.address)"
        // Bounded: a client has at most `maximumSessions` channels, and one request on each.
        (requests, requestSink) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
        unsafe serverCallbacks = .allocate(capacity: 1)
        unsafe serverCallbacks.initialize(to: ssh_server_callbacks_struct())
        unsafe channelCallbacks = .allocate(capacity: 1)
        unsafe channelCallbacks.initialize(to: ssh_channel_callbacks_struct())
        unsafe traffic = .allocate(capacity: 1)
        unsafe traffic.initialize(to: ssh_counter_struct())
        unsafe self.session = session
        // The thread must not keep the actor alive: the actor's end is what ends the thread.
        let started = loop.start { [weak self] in self?.assumeIsolated { $0.afterPoll() } }
        if !started { return nil }
    }

    deinit {
        // Only still there when no thread could be started.
        if let session = unsafe session { unsafe ssh_free(session) }
        loop.stop()
        unsafe serverCallbacks.deallocate()
        unsafe channelCallbacks.deallocate()
        unsafe traffic.deallocate()
    }

    // MARK: Life

    /// Starts the key exchange; everything after it happens in callbacks.
    func open() {
        guard let session = unsafe session else { return }
        let userData = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe installServerCallbacks(userData)
        unsafe installChannelCallbacks(userData)
        unsafe ssh_set_auth_methods(session, Int32(SSH_AUTH_METHOD_PUBLICKEY))
        unsafe ssh_set_server_callbacks(session, serverCallbacks)
        unsafe ssh_set_counters(session, traffic, nil)
        unsafe ssh_set_blocking(session, 0)
        // Non-blocking, once, before the session is polled: it sends our version and installs the state machine.
        guard unsafe ssh_handle_key_exchange(session) != SSH_ERROR,
            unsafe ssh_event_add_session(loop.event, session) == SSH_OK
        else { return end() }
    }

    private func installServerCallbacks(_ userData: UnsafeMutableRawPointer) {
        unsafe serverCallbacks.pointee.size = MemoryLayout<ssh_server_callbacks_struct>.size
        unsafe serverCallbacks.pointee.userdata = userData
        unsafe serverCallbacks.pointee.auth_pubkey_function = { _, _, key, state, raw in
            unsafe Connection.isolated(raw, key) { unsafe $0.authenticate(key: $1, signature: state) }
                ?? Int32(SSH_AUTH_DENIED.rawValue)
        }
        unsafe serverCallbacks.pointee.channel_open_request_session_function = { _, raw in
            // A pointer cannot cross the isolation boundary as such, its address can.
            let address =
                unsafe Connection.isolated(raw, ()) { connection, _ in unsafe UInt(bitPattern: connection.openChannel())
                } ?? 0
            return unsafe ssh_channel(bitPattern: address)
        }
    }

    /// Runs `body` as the actor, on whose thread libssh calls back.
    ///
    /// - Parameters:
    ///   - raw: The connection, as libssh was given it.
    ///   - argument: What libssh lends for the time of the call; it never leaves the thread.
    ///   - body: Gets the connection and the argument.
    /// - Returns: What `body` returns, or `nil` when libssh gave no connection.
    static func isolated<Argument, Result: Sendable>(
        _ raw: UnsafeMutableRawPointer?, _ argument: Argument,
        _ body: @Sendable (isolated Connection, Argument) -> Result
    ) -> Result? {
        guard let raw = unsafe raw else { return nil }
        // Sent nowhere: `assumeIsolated` checks that this is the actor's own thread.
        nonisolated(unsafe) let argument = argument
        return unsafe Unmanaged<Connection>.fromOpaque(raw).takeUnretainedValue().assumeIsolated {
            unsafe body($0, argument)
        }
    }

    /// Looks at what the last poll changed: a dead session, room to write, a decision to part.
    private func afterPoll() {
        guard let session = unsafe session else { return }
        if farewell != nil { return end() }
        let status = unsafe ssh_get_status(session)
        if status & (SSH_CLOSED | SSH_CLOSED_ERROR) != 0 { return end() }
        // libssh reads 4 KiB at a time: while there is more, acknowledging and waking readers would only cost.
        let isDrained = unsafe !hasInput(session)
        if isDrained { unsafe acknowledgeAtOnce(session) }
        for channel in channels.values {
            if isDrained { deliver(channel) }
            if channel.closed, !channel.requested {
                // Nobody serves it, so nobody else would free it.
                finish(channel: channel.id, status: 0)
            } else if !channel.writes.isEmpty {
                pump(channel)
            }
        }
    }

    /// Whether the socket has bytes that libssh has not read.
    private func hasInput(_ session: ssh_session) -> Bool {
        var socket = unsafe pollfd(fd: ssh_get_fd(session), events: Int16(POLLIN), revents: 0)
        return unsafe poll(&socket, 1, 0) > 0
    }

    /// Sets TCP_QUICKACK again, which the kernel clears by itself: a delayed acknowledgement costs small pushes 40 ms.
    private func acknowledgeAtOnce(_ session: ssh_session) {
        var one: Int32 = 1
        _ = unsafe setsockopt(
            ssh_get_fd(session), Int32(IPPROTO_TCP), TCP_QUICKACK, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Ends the connection: the client is told why if there is a reason, whoever waits is woken, libssh's memory is freed.
    func end() {
        guard let session = unsafe session else { return }
        unsafe self.session = nil
        if userName == nil { unsafe countFailure(session) }
        requestSink.finish()
        for channel in channels.values { channel.markClosed() }
        channels.removeAll()
        unsafe flush(session)
        _ = unsafe ssh_event_remove_session(loop.event, session)
        if let farewell { unsafe ssh_session_set_disconnect_message(session, farewell.rawValue) }
        logger.debug("connection ended", metadata: ["reason": "\(farewell.map { "\($0)" } ?? "client")"])
        // libssh closes the socket; this one stays open until the client has read the farewell.
        let socket = hasListener ? unsafe fcntl(ssh_get_fd(session), F_DUPFD_CLOEXEC, 0) : -1
        unsafe ssh_disconnect(session)
        unsafe ssh_free(session)
        if socket >= 0 { LingeringClose.run(on: socket, for: Self.flushTime) }
        for waiter in endWaiters { waiter.resume() }
        endWaiters.removeAll()
    }

    /// Whether there is something to say, and perhaps somebody who hears it.
    private var hasListener: Bool { farewell != nil && farewell != .silent }

    /// Waits until the connection has ended, whoever ended it.
    func ended() async {
        guard unsafe session != nil else { return }
        await withCheckedContinuation { endWaiters.append($0) }
    }

    /// Waits until the socket has taken all and would take more: ssh_disconnect() tries once to send, then closes.
    ///
    /// ssh_blocking_flush() does not do: it is content before the socket is known to have room again.
    private func flush(_ session: ssh_session) {
        let deadline = ContinuousClock.now + Self.flushTime
        while unsafe ssh_get_status(session) & (SSH_WRITE_PENDING | SSH_CLOSED | SSH_CLOSED_ERROR) == SSH_WRITE_PENDING
        {
            let rest = (deadline - .now) / .milliseconds(1)
            guard rest >= 1 else { return }
            // Whatever comes in meanwhile finds neither session nor channels, and is dropped.
            _ = unsafe ssh_event_dopoll(loop.event, Int32(rest))
        }
        // Not by the event: that would also read, and libssh answer, one more request.
        var writable = pollfd(fd: unsafe ssh_get_fd(session), events: Int16(POLLOUT), revents: 0)
        let rest = (deadline - .now) / .milliseconds(1)
        // libssh has closed the socket when it could not send.
        guard rest >= 1, writable.fd >= 0, unsafe poll(&writable, 1, Int32(rest)) == 1 else { return }
        unsafe ssh_set_fd_towrite(session)
    }

    /// Parts from the client with a reason.
    func end(_ reason: Farewell) {
        guard unsafe session != nil else { return }
        farewell = reason
        end()
    }

    /// Ends the connection if nothing runs on it.
    func endIfIdle(_ reason: Farewell) {
        if channels.values.allSatisfy({ !$0.requested }) { end(reason) }
    }

    /// Ends the connection if the client has not logged in.
    func endIfNotAuthenticated(_ reason: Farewell) {
        if userName == nil { end(reason) }
    }

    /// A number that is used once on this connection.
    nonisolated func nextTicket() -> UInt64 {
        tickets.add(1, ordering: .relaxed).newValue
    }

    /// Whether libssh can take bytes: it queues without bound when the socket cannot.
    func canWrite() -> Bool {
        guard let session = unsafe session else { return false }
        return unsafe canWriteNow(session)
    }

    private func canWriteNow(_ session: ssh_session) -> Bool {
        unsafe ssh_get_poll_flags(session) & SSH_WRITE_PENDING == 0
    }
}
