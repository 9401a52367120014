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
        case shutdown = "The builder is restarting. Try again in a moment"
        case silent = "No sign of life"
    }

    /// How long the connection's thread may wait, in ms, for a client to take the last bytes.
    private static let flushTime: Int32 = 1000

    nonisolated let id: UInt64
    nonisolated let address: String
    nonisolated let requests: AsyncStream<(SSHRequest, SSHChannel)>
    let configuration: SSHServerConfiguration
    let authenticator: any KeyAuthenticator
    let onAuthenticated: @Sendable () -> Void
    var logger: Logger

    private let loop: ConnectionLoop
    private let requestSink: AsyncStream<(SSHRequest, SSHChannel)>.Continuation
    /// Touched on the connection's thread only, and by `deinit`, when nobody else is left.
    private nonisolated(unsafe) var session: ssh_session?
    // Written in `open()`, then only read by libssh, as long as the session lives.
    private nonisolated(unsafe) let serverCallbacks: UnsafeMutablePointer<ssh_server_callbacks_struct>
    nonisolated(unsafe) let channelCallbacks: UnsafeMutablePointer<ssh_channel_callbacks_struct>
    private(set) var channels: [UInt64: ChannelState] = [:]
    private let tickets = Atomic<UInt64>(0)
    private var userName: String?
    private var failedTries = 0
    private var farewell: Farewell?

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
    ///   - onAuthenticated: Called once, when the client has logged in.
    init?(
        id: UInt64, socket: AcceptedSocket, bind: ServerBind, configuration: SSHServerConfiguration,
        authenticator: any KeyAuthenticator, logger: Logger, onAuthenticated: @escaping @Sendable () -> Void
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
        unsafe acknowledgeAtOnce(session)
        for channel in channels.values where !channel.writes.isEmpty { pump(channel) }
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
        requestSink.finish()
        for channel in channels.values { channel.markClosed() }
        channels.removeAll()
        _ = unsafe ssh_event_remove_session(loop.event, session)
        if unsafe !canWriteNow(session) { unsafe ssh_blocking_flush(session, Self.flushTime) }
        if let farewell { unsafe ssh_session_set_disconnect_message(session, farewell.rawValue) }
        logger.debug("connection ended", metadata: ["reason": "\(farewell.map { "\($0)" } ?? "client")"])
        unsafe ssh_disconnect(session)
        unsafe ssh_free(session)
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
    func endIfNotAuthenticated() {
        if userName == nil { end(.loginTime) }
    }

    // MARK: Keep-alive

    /// Asks for a sign of life if the client has been silent, and gives up when it has been for too long.
    func keepAlive() {
        guard let session = unsafe session else { return }
        var information = tcp_info()
        var length = socklen_t(MemoryLayout<tcp_info>.size)
        guard unsafe getsockopt(ssh_get_fd(session), Int32(IPPROTO_TCP), TCP_INFO, &information, &length) == 0 else {
            return
        }
        // The kernel knows when the last byte came, so no packet need be counted.
        let silence = Duration.milliseconds(Int64(information.tcpi_last_data_recv))
        if silence >= configuration.keepAliveInterval * configuration.keepAliveCount { return end(.silent) }
        if silence >= configuration.keepAliveInterval { unsafe ssh_send_keepalive(session) }
    }

    // MARK: Login

    private func authenticate(key: ssh_key?, signature: CChar) -> Int32 {
        let denied = Int32(SSH_AUTH_DENIED.rawValue)
        guard farewell == nil, let blob = unsafe KeyBlob.of(key) else { return denied }
        let state = Int32(signature)
        let isProbe = state == SSH_PUBLICKEY_STATE_NONE.rawValue
        let isSigned = state == SSH_PUBLICKEY_STATE_VALID.rawValue
        if isProbe || isSigned, let name = authenticator.userName(forKeyBlob: blob) {
            if isSigned, userName == nil {
                userName = name
                logger[metadataKey: "user"] = "\(name)"
                logger.debug("logged in")
                onAuthenticated()
            }
            return Int32(SSH_AUTH_SUCCESS.rawValue)
        }
        failedTries += 1
        if failedTries >= configuration.maximumAuthenticationTries {
            logger.info("login refused: too many keys tried", metadata: ["tries": "\(failedTries)"])
            farewell = .tooManyTries
        }
        return denied
    }

    // MARK: Channels

    private func openChannel() -> ssh_channel? {
        guard userName != nil, channels.count < configuration.maximumSessions, let session = unsafe session,
            let handle = unsafe ssh_channel_new(session)
        else { return nil }
        let state = unsafe ChannelState(id: nextTicket(), handle: handle)
        unsafe ssh_set_channel_callbacks(handle, channelCallbacks)
        channels[state.id] = state
        return unsafe handle
    }

    func channel(_ handle: ssh_channel?) -> ChannelState? {
        channels.values.first { unsafe $0.handle == handle }
    }

    /// Takes the one request that a channel may make.
    ///
    /// - Returns: Whether it is granted.
    func accept(_ kind: SSHRequest.Kind, on handle: ssh_channel?) -> Bool {
        guard let userName, let state = unsafe channel(handle), !state.requested else { return false }
        state.requested = true
        let request = SSHRequest(
            kind: kind, user: userName, gitProtocol: state.gitProtocol, address: address, connectionID: id)
        requestSink.yield((request, SSHChannel(connection: self, id: state.id)))
        return true
    }

    /// Ends a channel in order: exit status, end of file, close.
    func finish(channel id: UInt64, status: Int32) {
        guard let state = channels.removeValue(forKey: id) else { return }
        let gone = state.closed
        state.markClosed()
        if !gone {
            unsafe ssh_channel_request_send_exit_status(state.handle, status)
            unsafe ssh_channel_send_eof(state.handle)
            unsafe ssh_channel_close(state.handle)
        }
        unsafe ssh_remove_channel_callbacks(state.handle, channelCallbacks)
        unsafe ssh_channel_free(state.handle)
    }

    /// Waits until the client closes the channel or is gone.
    func closed(channel id: UInt64) async {
        guard let state = channels[id], !state.closed else { return }
        await withCheckedContinuation { state.closeWaiters.append($0) }
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
