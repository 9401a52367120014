import NIOCore
import NIOHTTP1

/// Ends a connection after the answer to a client of HTTP/1.0.
///
/// Such a client reads until the connection ends (RFC 1945 section 1.3). Further on nobody knows any more which version it speaks, so
/// this one says in its place what a client of HTTP/1.1 would.
final class OldClients: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data),
            head.version.major < 1 || head.version == .http1_0
        else {
            return context.fireChannelRead(data)
        }
        head.headers.replaceOrAdd(name: "Connection", value: "close")
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    /// Adds one just behind what reads requests; does nothing where there is no such thing.
    static func add(to pipeline: ChannelPipeline.SynchronousOperations) {
        guard let decoder = try? pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self) else { return }
        try? pipeline.addHandler(OldClients(), position: .after(decoder))
    }
}

@available(*, unavailable)
extension OldClients: Sendable {}
