import NIOCore
import NIOPosix
import Synchronization

/// A TCP proxy that a test shuts and opens: shut, its connections break and new ones are not accepted.
final class GateProxy: Sendable {
    private struct State {
        var isOpen = true
        var channels: [any Channel] = []
    }

    private final class Shared: Sendable { let state = Mutex(State()) }

    let port: Int
    private let channel: any Channel
    private let shared: Shared

    /// Begins to listen.
    init(toHost host: String, port target: Int) async throws {
        let shared = Shared()
        self.shared = shared
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { client in
                guard shared.state.withLock({ $0.isOpen }) else { return client.close() }
                return ClientBootstrap(group: client.eventLoop).channelOption(.autoRead, value: false)
                    .connect(host: host, port: target)
                    .flatMap { server in
                        shared.state.withLock { $0.channels += [client, server] }
                        return client.eventLoop.makeCompletedFuture {
                            try client.pipeline.syncOperations.addHandler(Pipe(to: server))
                            try server.pipeline.syncOperations.addHandler(Pipe(to: client))
                            for channel in [client, server] {
                                channel.setOption(.autoRead, value: true).whenComplete { _ in }
                            }
                        }
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    func shut() {
        let channels = shared.state.withLock { state in
            defer { state.channels = [] }
            state.isOpen = false
            return state.channels
        }
        for channel in channels { channel.close(promise: nil) }
    }

    func open() { shared.state.withLock { $0.isOpen = true } }

    func stop() async {
        shut()
        try? await channel.close()
    }

    private final class Pipe: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let other: any Channel

        init(to other: any Channel) { self.other = other }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let channel = context.channel
            channel.setOption(.autoRead, value: false).whenComplete { _ in }
            other.writeAndFlush(unwrapInboundIn(data)).whenComplete { result in
                guard case .success = result else { return channel.close(promise: nil) }
                channel.setOption(.autoRead, value: true).whenComplete { _ in }
            }
        }

        func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
