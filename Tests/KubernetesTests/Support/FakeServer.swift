import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// An HTTP server that answers as a test decides, piece by piece.
final class FakeServer: Sendable {
    /// What a client asked.
    struct Request: Sendable {
        let number: Int
        let method: String
        /// Without the query.
        let path: String
        let query: [String: String]
        let headers: HTTPHeaders
        let body: String
    }

    /// Where an answer goes.
    struct Response: Sendable {
        fileprivate let channel: any Channel

        func head(_ status: Int, _ headers: [(String, String)] = []) async throws {
            let headers = HTTPHeaders(headers)
            try await send(
                .head(HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)))
        }

        func write(_ bytes: [UInt8]) async throws { try await send(.body(.byteBuffer(ByteBuffer(bytes: bytes)))) }

        func write(_ text: String) async throws { try await write(Array(text.utf8)) }

        func end() async throws { try await send(.end(nil)) }

        /// Ends the connection in the middle.
        func cut() async { try? await channel.close() }

        /// A whole answer.
        func answer(_ status: Int, _ body: String, _ headers: [(String, String)] = []) async throws {
            try await head(status, headers + [("content-length", "\(body.utf8.count)")])
            try await write(body)
            try await end()
        }

        /// A failure as the API server puts it.
        func fail(_ status: Int, _ reason: String, _ message: String = "no", _ headers: [(String, String)] = [])
            async throws
        {
            try await answer(
                status,
                #"{"kind":"Status","apiVersion":"v1","status":"Failure","message":"\#(message)","reason":"\#(reason)","code":\#(status)}"#,
                headers)
        }

        /// The certificate that the client shows.
        func clientCertificate() async throws -> NIOSSLCertificate? {
            try await channel.nioSSL_peerCertificate().get()
        }

        /// Waits until the client is gone.
        func stall() async { try? await channel.closeFuture.get() }

        private func send(_ part: HTTPServerResponsePart) async throws { try await channel.writeAndFlush(part) }
    }

    typealias Answer = @Sendable (Request, Response) async throws -> Void

    let port: Int
    private let channel: any Channel
    private let log: Log

    private final class Log: Sendable {
        let requests = Mutex<[Request]>([])
        let open = Mutex(0)
    }

    /// Begins to listen.
    ///
    /// - Parameters:
    ///   - security: Makes each connection's TLS; nil for none.
    ///   - answer: Called for each request; when it throws, the connection is closed.
    /// - Throws: When no port can be had.
    init(
        security: (@Sendable () throws -> TLSConfiguration)? = nil, _ answer: @escaping Answer
    ) async throws {
        let log = Log()
        self.log = log
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                log.open.withLock { $0 += 1 }
                channel.closeFuture.whenComplete { _ in log.open.withLock { $0 -= 1 } }
                return channel.eventLoop.makeCompletedFuture {
                    if let security {
                        let context = try NIOSSLContext(configuration: security())
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(log, answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    var url: String { "http://127.0.0.1:\(port)" }

    /// All requests so far.
    var requests: [Request] { log.requests.withLock { $0 } }

    /// Connections that are open.
    var openConnections: Int { log.open.withLock { $0 } }

    func stop() async { try? await channel.close() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let log: Log
        private let answer: Answer
        private var head: HTTPRequestHead?
        private var body = ByteBuffer()

        init(_ log: Log, _ answer: @escaping Answer) {
            self.log = log
            self.answer = answer
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                self.head = head
                body.clear()
            case .body(var more): body.writeBuffer(&more)
            case .end:
                guard let head else { return }
                let parts = head.uri.split(separator: "?", maxSplits: 1)
                var query: [String: String] = [:]
                for item in parts.dropFirst().joined().split(separator: "&") {
                    let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                    query[String(pair[0])] = String(pair[1]).replacing("%3A", with: ":").replacing("%3D", with: "=")
                }
                let (method, headers, text) = (head.method.rawValue, head.headers, String(buffer: body))
                let request = log.requests.withLock { requests in
                    let request = Request(
                        number: requests.count, method: method, path: String(parts[0]), query: query,
                        headers: headers, body: text)
                    requests.append(request)
                    return request
                }
                let (answer, channel) = (answer, context.channel)
                Task {
                    do {
                        try await answer(request, Response(channel: channel))
                    } catch {
                        try? await channel.close()
                    }
                }
            }
        }
    }
}
