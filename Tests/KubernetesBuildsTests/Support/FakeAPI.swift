import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

@testable import Kubernetes

/// An API server of a few answers, which a test decides on.
final class FakeAPI: Sendable {
    /// nil cuts the connection, ``silence`` leaves it open; the path of a watch ends in `?watch`.
    typealias Answer = @Sendable (_ method: String, _ path: String, _ number: Int) -> (status: Int, body: String)?

    private let channel: any Channel
    private let log: Log

    private final class Log: Sendable { let requests = Mutex<[String]>([]) }

    init(_ answer: @escaping Answer) async throws {
        let log = Log()
        self.log = log
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(log, answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    /// Method and path of all requests so far.
    var requests: [String] { log.requests.withLock { $0 } }

    /// A failure as the API server puts it.
    static func failure(_ status: Int, _ reason: String, _ message: String = "no") -> (Int, String) {
        (
            status,
            #"{"kind":"Status","apiVersion":"v1","status":"Failure","message":"\#(message)","reason":"\#(reason)","code":\#(status)}"#
        )
    }

    /// No answer at all.
    static let silence = (0, "")

    /// Runs a test with a server and a client of it.
    static func with(
        limits: KubernetesLimits = KubernetesLimits(), _ answer: @escaping Answer,
        _ body: (FakeAPI, KubernetesClient) async throws -> Void
    ) async throws {
        let api = try await FakeAPI(answer)
        var limits = limits
        limits.firstDelay = .milliseconds(5)
        limits.maximumDelay = .milliseconds(50)
        let client = KubernetesClient(
            configuration: KubernetesConfiguration(
                server: "http://127.0.0.1:\(api.channel.localAddress?.port ?? 0)", namespace: "builds", origin: "test",
                trust: ServerTrust(authorities: nil, isBlind: false, serverName: nil),
                login: Login(source: .nothing)),
            limits: limits, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let result: Result<Void, any Error>
        do { result = .success(try await body(api, client)) } catch { result = .failure(error) }
        await client.shutdown()
        try? await api.channel.close()
        try result.get()
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let log: Log
        private let answer: Answer
        private var head: HTTPRequestHead?

        init(_ log: Log, _ answer: @escaping Answer) {
            self.log = log
            self.answer = answer
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): self.head = head
            case .body: break
            case .end:
                guard let head else { return }
                let isWatch = head.uri.contains("watch=true")
                let path = String(head.uri.split(separator: "?")[0]) + (isWatch ? "?watch" : "")
                let number = log.requests.withLock { requests in
                    requests.append("\(head.method.rawValue) \(path)")
                    return requests.count
                }
                guard let (status, body) = answer(head.method.rawValue, path, number) else {
                    return context.close(promise: nil)
                }
                if status == FakeAPI.silence.0 { return }
                let headers = HTTPHeaders([("content-length", "\(body.utf8.count)")])
                let response = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)
                context.write(wrapOutboundOut(.head(response)), promise: nil)
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}
