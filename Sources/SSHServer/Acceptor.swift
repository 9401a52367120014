import CLibSSH
import Glibc
import Health
import Logging
import Synchronization
import SystemCalls

/// The thread that accepts connections, checks the limits and hands the sockets on.
final class Acceptor: Sendable {
    private static let stackSize = 256 * 1024
    /// How long the thread may be silent, in ms: it shows that it lives, a second before anybody would ask.
    private static let longestWait: Int32 = 1000
    /// When descriptors have run out, accepting at once again would spin.
    private static let pauseWithoutDescriptors: Int32 = 100  // ms
    /// What a client beyond the limits is sent before the close; lines before the version string are allowed (RFC 4253
    /// section 4.2), and OpenSSH does the same.
    private static func refusal(_ reason: ConnectionLimits.Refusal) -> String {
        "slipway: \(reason.rawValue), try again in a moment\r\n"
    }

    private let sockets: [ListeningSocket]
    private let registry: ConnectionRegistry
    private let ownDials: OwnDials
    private let heartbeat: Heartbeat
    private let keepAliveInterval: Duration
    private let keepAliveCount: Int
    private let logger: Logger
    private let wakeDescriptor: Int32
    private let stopped = Atomic<Bool>(false)
    private let spare = SpareDescriptor()
    private let refusals = Mutex((nextLine: ContinuousClock.now, unlogged: 0))
    private let sink: AsyncThrowingStream<AcceptedSocket, any Error>.Continuation

    /// The connections that were let in; ends after ``stop()``, throws when accepting fails for good.
    let connections: AsyncThrowingStream<AcceptedSocket, any Error>

    init(
        sockets: [ListeningSocket], registry: ConnectionRegistry, ownDials: OwnDials, heartbeat: Heartbeat,
        configuration: SSHServerConfiguration, logger: Logger
    ) throws(SSHServerError) {
        let descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard descriptor >= 0 else { throw .acceptor(SystemError.text(errno)) }
        wakeDescriptor = descriptor
        self.sockets = sockets
        self.registry = registry
        self.ownDials = ownDials
        self.heartbeat = heartbeat
        keepAliveInterval = configuration.keepAliveInterval
        keepAliveCount = configuration.keepAliveCount
        self.logger = logger
        // Bounded by the registry: what is not admitted never gets here.
        (connections, sink) = AsyncThrowingStream.makeStream(bufferingPolicy: .unbounded)
    }

    deinit { close(descriptor: wakeDescriptor) }

    /// Starts the thread.
    func start() throws(SSHServerError) {
        let started = Thread.start(name: "ssh-acceptor", stackSize: Self.stackSize) { [self] in
            do throws(SSHServerError) {
                try run()
                // On purpose: after a failure nobody is to believe that all is well.
                heartbeat.retire()
                sink.finish()
            } catch {
                sink.finish(throwing: error)
            }
            for socket in sockets { close(descriptor: socket.descriptor) }
        }
        guard started else { throw .acceptor("no thread could be started") }
    }

    /// Stops accepting and closes the listening sockets.
    func stop() {
        stopped.store(true, ordering: .releasing)
        var one: UInt64 = 1
        _ = unsafe write(wakeDescriptor, &one, MemoryLayout<UInt64>.size)
    }

    private func run() throws(SSHServerError) {
        let wake = pollfd(fd: wakeDescriptor, events: Int16(POLLIN), revents: 0)
        var descriptors = [wake] + sockets.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        while true {
            let ready = unsafe poll(&descriptors, nfds_t(descriptors.count), Self.longestWait)
            if stopped.load(ordering: .acquiring) { return }
            heartbeat.beat()
            guard ready >= 0 || errno == EINTR else { throw .acceptor(SystemError.text(errno)) }
            for descriptor in descriptors.dropFirst() where descriptor.revents != 0 {
                try accept(on: descriptor.fd)
            }
        }
    }

    private func accept(on listening: Int32) throws(SSHServerError) {
        let (descriptor, peer) = SocketAddress.accept(on: listening)
        guard descriptor >= 0 else { return try handleFailure(errno, on: listening) }
        if ownDials.claim(peer, on: descriptor) {
            return hand(on: AcceptedSocket(descriptor: descriptor, address: peer.numericHost, ticket: nil))
        }
        admit(descriptor, from: peer, lacksDescriptors: Descriptors.areScarce(besides: registry.pending))
    }

    /// Hands a connection on, or says why not and closes it.
    private func admit(_ descriptor: Int32, from peer: SocketAddress, lacksDescriptors: Bool) {
        switch registry.admit(from: peer.network, lacksDescriptors: lacksDescriptors) {
        case .success(let ticket):
            hand(on: AcceptedSocket(descriptor: descriptor, address: peer.numericHost, ticket: ticket))
        case .failure(let refused):
            log(refused, peer.numericHost)
            let text = Array(Self.refusal(refused.reason).utf8)
            _ = unsafe send(descriptor, text, text.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            close(descriptor: descriptor)
        }
    }

    private func hand(on socket: AcceptedSocket) {
        setOptions(socket.descriptor)
        if case .terminated = sink.yield(socket) { close(descriptor: socket.descriptor) }
    }

    /// Small packets go out at once, and the kernel finds out when an idle client has vanished, within the same time as
    /// ``Connection/keepAlive()`` does while something runs (tcp(7)).
    private func setOptions(_ descriptor: Int32) {
        let tcp = Int32(IPPROTO_TCP)
        let interval = Int32(max(1, keepAliveInterval / .seconds(1)))
        ListeningSocket.set(descriptor, tcp, TCP_NODELAY, 1)
        ListeningSocket.set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1)
        ListeningSocket.set(descriptor, tcp, TCP_KEEPIDLE, interval)
        ListeningSocket.set(descriptor, tcp, TCP_KEEPINTVL, interval)
        ListeningSocket.set(descriptor, tcp, TCP_KEEPCNT, Int32(max(1, keepAliveCount - 1)))
    }

    /// At most one line a second, with the number of those that got none: a flood must not fill the log.
    private func log(_ refused: ConnectionRefused, _ address: String) {
        let unlogged = refusals.withLock { refusals -> Int? in
            guard refusals.nextLine <= .now else {
                refusals.unlogged += 1
                return nil
            }
            defer { refusals = (.now + .seconds(1), 0) }
            return refusals.unlogged
        }
        guard let unlogged else { return }
        logger.warning(
            "connection refused",
            metadata: [
                "address": "\(address)", "reason": "\(refused.reason.rawValue)", "more_since_last_line": "\(unlogged)",
            ])
    }

    private func handleFailure(_ code: Int32, on listening: Int32) throws(SSHServerError) {
        switch code {
        case EMFILE, ENFILE, ENOBUFS, ENOMEM:
            turnAway(on: listening)
            var wake = pollfd(fd: wakeDescriptor, events: Int16(POLLIN), revents: 0)
            _ = unsafe poll(&wake, 1, Self.pauseWithoutDescriptors)
        case EBADF, EINVAL, ENOTSOCK, EOPNOTSUPP, EFAULT:
            throw .acceptor(SystemError.text(code))
        default:
            // The client went away meanwhile, or the network had a passing fault (accept(2)).
            return
        }
    }

    /// Tells one client that there is no descriptor for it, with the one that is kept for this.
    private func turnAway(on listening: Int32) {
        defer { spare.restore() }
        guard spare.release() else { return }
        let (descriptor, peer) = SocketAddress.accept(on: listening)
        if descriptor >= 0 { admit(descriptor, from: peer, lacksDescriptors: true) }
    }
}
