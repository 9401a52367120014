import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A small HTTP server whose answers a test decides.
final class StubServer: Sendable {
    /// What a client asked.
    struct Request: Sendable {
        let method: String
        let uri: String
        let headers: HTTPHeaders
        let body: String
    }

    /// What it is told: a status and a body, or nothing for a server that stays silent.
    typealias Answer = @Sendable (Request) async -> (status: Int, body: String)?

    let port: Int
    private let channel: any Channel

    /// Begins to listen.
    ///
    /// - Parameter answer: Called for each request.
    /// - Throws: When no port can be had.
    init(_ answer: @escaping Answer) async throws {
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    var url: String { "http://127.0.0.1:\(port)" }

    func stop() async { try? await channel.close() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let answer: Answer
        private var head: HTTPRequestHead?
        private var body = ByteBuffer()

        init(_ answer: @escaping Answer) { self.answer = answer }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                self.head = head
                body.clear()
            case .body(var more): body.writeBuffer(&more)
            case .end:
                guard let head else { return }
                let request = Request(
                    method: head.method.rawValue, uri: head.uri, headers: head.headers, body: String(buffer: body))
                let (answer, channel) = (answer, context.channel)
                Task {
                    guard let (status, text) = await answer(request) else { return }
                    let headers: HTTPHeaders = ["content-length": "\(text.utf8.count)"]
                    let head = HTTPResponseHead(
                        version: .http1_1, status: .init(statusCode: status), headers: headers)
                    channel.write(HTTPServerResponsePart.head(head), promise: nil)
                    channel.write(
                        HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: text))), promise: nil)
                    channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
                }
            }
        }
    }
}
