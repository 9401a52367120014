import NIOCore

/// Keeps a listening socket accepting while nobody takes the connections from it.
///
/// The HTTP server hands its connections to Swift's own threads, and stops accepting when those have not taken the last
/// ten. Probes are answered before that, on the event loop, so they must be let in.
final class EagerAccept: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = any Channel

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        context.read()
    }

    /// Adds one where it sees each accept before the server's own handlers do.
    ///
    /// - Parameter channel: The listening channel.
    /// - Throws: When it is closed already.
    static func add(to channel: any Channel) async throws {
        try await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.addHandler(EagerAccept(), position: .first)
        }.get()
    }
}

@available(*, unavailable)
extension EagerAccept: Sendable {}
