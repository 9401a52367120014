import NIOCore
import NIOPosix
import Synchronization

/// A TCP proxy that is opened and shut by a test: connections break, stand still, or are not accepted.
final class GateProxy: Sendable {
    private struct State {
        var pairs: [ObjectIdentifier: (any Channel, any Channel)] = [:]
        var isOpen = true
        var count = 0
        /// Each connection breaks after so many bytes towards the client; taken from the front.
        var cuts: [Int] = []
    }

    let port: Int
    private let channel: any Channel
    private let state: Shared

    private final class Shared: Sendable { let state = Mutex(State()) }

    /// Begins to listen.
    init(on local: String = "127.0.0.1", toHost host: String, port target: Int) async throws {
        let shared = Shared()
        state = shared
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { client in
                guard
                    shared.state.withLock({ state in
                        state.count += 1
                        return state.isOpen
                    })
                else { return client.close() }
                let cut = shared.state.withLock { state in state.cuts.isEmpty ? Int.max : state.cuts.removeFirst() }
                return ClientBootstrap(group: client.eventLoop).channelOption(.autoRead, value: false)
                    .connect(host: host, port: target)
                    .flatMap { server in
                        shared.state.withLock { $0.pairs[ObjectIdentifier(client)] = (client, server) }
                        client.closeFuture.whenComplete { _ in
                            shared.state.withLock { _ = $0.pairs.removeValue(forKey: ObjectIdentifier(client)) }
                        }
                        return client.eventLoop.makeCompletedFuture {
                            try client.pipeline.syncOperations.addHandler(Glue(to: server, limit: .max))
                            try server.pipeline.syncOperations.addHandler(Glue(to: client, limit: cut))
                            client.setOption(.autoRead, value: true).whenComplete { _ in }
                            server.setOption(.autoRead, value: true).whenComplete { _ in }
                        }
                    }
            }
            .bind(host: local, port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    /// Connections made so far.
    var count: Int { state.state.withLock { $0.count } }

    /// Breaks all connections, and lets none through until ``open()``.
    func shut() { breakAll { $0.isOpen = false } }

    func open() { state.state.withLock { $0.isOpen = true } }

    /// Breaks all connections that there are.
    func cut() { breakAll { _ in } }

    /// Has the coming connections break after so many bytes towards the client.
    func plan(_ cuts: [Int]) { state.state.withLock { $0.cuts = cuts } }

    func stop() async {
        breakAll { _ in }
        try? await channel.close()
    }

    private func breakAll(_ change: (inout State) -> Void) {
        let pairs = state.state.withLock { state in
            change(&state)
            return Array(state.pairs.values)
        }
        for (client, server) in pairs {
            client.close(promise: nil)
            server.close(promise: nil)
        }
    }

    /// Passes on what comes, with back-pressure by waiting for each write.
    private final class Glue: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let other: any Channel
        private var limit: Int

        init(to other: any Channel, limit: Int) {
            self.other = other
            self.limit = limit
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var buffer = unwrapInboundIn(data)
            let channel = context.channel
            if buffer.readableBytes >= limit {
                let part = buffer.readSlice(length: limit) ?? ByteBuffer()
                limit = 0
                let other = other
                other.writeAndFlush(part).whenComplete { _ in
                    other.close(promise: nil)
                    channel.close(promise: nil)
                }
                return
            }
            limit -= buffer.readableBytes
            channel.setOption(.autoRead, value: false).whenComplete { _ in }
            other.writeAndFlush(buffer).whenComplete { result in
                guard case .success = result else { return channel.close(promise: nil) }
                channel.setOption(.autoRead, value: true).whenComplete { _ in }
            }
        }

        func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
