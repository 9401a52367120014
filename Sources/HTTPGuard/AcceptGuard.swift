import Glibc
package import NIOCore
import SystemCalls

/// Keeps a listening socket accepting, whatever clients do: caps their number, and survives a lack of descriptors.
///
/// NIO alone would be asked again and again for a connection that it cannot accept, at the cost of a whole core.
package final class AcceptGuard: ChannelDuplexHandler, RemovableChannelHandler {
    package typealias InboundIn = any Channel
    package typealias InboundOut = any Channel
    package typealias OutboundIn = Never

    /// How many connections may wait to be accepted: the kernel's own ceiling (net.core.somaxconn).
    ///
    /// In a flood, one that finds no place is tried again by its client only a second later, when kubelet has given up.
    package static let backlog = 4096

    /// How long nothing is accepted when there is no descriptor, or no room: a probe that waits does not notice.
    private static let pause = TimeAmount.milliseconds(20)

    /// What becomes of a connection when only those descriptors are left that the server keeps back for itself.
    package enum Privilege: Sendable {
        /// It may use them: probes must be answered.
        case probes
        /// It is closed at once, and an idle one with it.
        case clients
    }

    private let roster: ConnectionRoster
    private let privilege: Privilege
    private let isEager: Bool
    private let spare = SpareDescriptor()
    private var resumption: Scheduled<Void>?
    /// There was no descriptor the last time either.
    private var hasFailed = false

    /// Makes a guard for one listening socket.
    ///
    /// - Parameters:
    ///   - roster: The connections of all sockets of the port.
    ///   - privilege: Whether the last descriptors are for these clients.
    ///   - isEager: Whether to accept although nobody has taken the connections before: for what is answered on the event loop,
    ///     while those who would take them are blocked.
    package init(roster: ConnectionRoster, privilege: Privilege, isEager: Bool) {
        self.roster = roster
        self.privilege = privilege
        self.isEager = isEager
    }

    /// Adds a guard where it sees each connection before the server's own handlers do.
    ///
    /// - Parameters:
    ///   - channel: The listening channel.
    ///   - roster: As in the initialiser.
    ///   - privilege: As in the initialiser.
    ///   - isEager: As in the initialiser.
    /// - Throws: When it is closed already.
    package static func add(
        to channel: any Channel, roster: ConnectionRoster, privilege: Privilege, isEager: Bool
    ) async throws {
        try await channel.eventLoop.submit {
            let handler = AcceptGuard(roster: roster, privilege: privilege, isEager: isEager)
            try channel.pipeline.syncOperations.addHandler(handler, position: .first)
        }.get()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let channel = unwrapInboundIn(data)
        hasFailed = false
        spare.restore()
        if Descriptors.areScarce() {
            _ = roster.closeOldestIdle()
            if privilege == .clients {
                // It never gets further, so nobody waits for it; the next one finds what the other leaves.
                channel.close(promise: nil)
                return hold(context)
            }
        }
        roster.add(channel)
        roster.closeSurplus(but: channel)
        if !roster.hasRoom { hold(context) }
        context.fireChannelRead(data)
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        if isEager { read(context: context) }
    }

    package func read(context: ChannelHandlerContext) {
        if resumption == nil { context.read() }
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let code = (error as? IOError)?.errnoCode, [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(code) else {
            return context.fireErrorCaught(error)
        }
        // Once is not enough: Linux wants a descriptor before it looks whether anybody waits (accept(2)).
        if hasFailed, !roster.closeOldestIdle() { spare.release() }
        hasFailed = true
        hold(context)
    }

    package func handlerRemoved(context: ChannelHandlerContext) { resumption?.cancel() }

    /// Accepts nothing for a moment.
    private func hold(_ context: ChannelHandlerContext) {
        guard resumption == nil else { return }
        // Not only its reads: the socket would be reported as readable all the time.
        try? context.channel.syncOptions?.setOption(.autoRead, value: false)
        resumption = context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) { [self] in
            resumption = nil
            guard context.channel.isActive else { return }
            guard roster.hasRoom else { return hold(context) }
            try? context.channel.syncOptions?.setOption(.autoRead, value: true)
            context.read()
        }
    }
}

@available(*, unavailable)
extension AcceptGuard: Sendable {}
