import HTTPGuard
import HTTPTypes
import Health
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Answers probes on the event loop itself, and passes on the rest.
///
/// Whatever goes further is handled on Swift's own threads, which a program under load keeps busy and a broken one blocks.
/// A probe must be answered all the same. Answers leave in the order of the requests: one that comes while another is
/// still in work goes the longer way too.
///
/// It also keeps the connection's time limits, because only here everything passes.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// The request whose parts come in now.
    private enum Reading {
        case nothing
        /// To be answered here.
        case own(HTTPRequest)
        case passedOn
    }

    private let responder: HealthResponder
    private let limits: ConnectionLimits
    private let roster: ConnectionRoster
    private var reading = Reading.nothing
    /// Requests that were passed on and have no whole answer yet.
    private var unanswered = 0
    /// Set when nothing more will be answered; what comes in is thrown away.
    private var isClosing = false
    private var isReadHeldBack = false
    private var timer: Scheduled<Void>?

    init(responder: HealthResponder, limits: ConnectionLimits, roster: ConnectionRoster) {
        self.responder = responder
        self.limits = limits
        self.roster = roster
    }

    func handlerAdded(context: ChannelHandlerContext) {
        OldClients.add(to: context.pipeline.syncOperations)
        allow(limits.request, context)
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        switch (unwrapInboundIn(data), reading) {
        case (.head(let request), _):
            if unanswered == 0, responder.isImmediate(request) {
                reading = .own(request)
            } else {
                reading = .passedOn
                unanswered += 1
                roster.note(context.channel, isBusy: true)
                var request = request
                // What is further on knows this one spelling.
                if Self.isLast(request) { request.headerFields[.connection] = "close" }
                context.fireChannelRead(wrapInboundOut(.head(request)))
            }
        case (.body, .passedOn): context.fireChannelRead(data)
        case (.end, .passedOn):
            reading = .nothing
            allow(limits.answer, context)
            context.fireChannelRead(data)
        case (.end, .own(let request)):
            reading = .nothing
            answer(request, context)
        case (.body, _), (.end, .nothing): break
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            unanswered -= 1
            roster.note(context.channel, isBusy: unanswered > 0)
            if unanswered == 0, case .nothing = reading { allow(limits.request, context) }
        }
        context.write(data, promise: promise)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode == .output {
            isClosing = true
            allow(limits.linger, context)
        }
        context.close(mode: mode, promise: promise)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent, unanswered == 0 {
            context.close(promise: nil)
        } else if event is ChannelShouldQuiesceEvent {
            allow(limits.linger, context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isClosing else { return }
        // An answer that is still to come must not be overtaken.
        guard unanswered == 0, context.channel.isActive else {
            context.fireErrorCaught(error)
            return
        }
        switch error {
        case is IOError, is ChannelError: context.close(promise: nil)
        default: send(responder.unreadable(tooLarge: Self.isTooLarge(error)), isLast: true, hasBody: true, context)
        }
    }

    /// A client that asks without taking the answers is not read from.
    func read(context: ChannelHandlerContext) {
        if context.channel.isWritable { context.read() } else { isReadHeldBack = true }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, isReadHeldBack {
            isReadHeldBack = false
            context.read()
        }
        context.fireChannelWritabilityChanged()
    }

    private func answer(_ request: HTTPRequest, _ context: ChannelHandlerContext) {
        guard let answer = responder.immediate(request) else { return }
        send(answer, isLast: Self.isLast(request), hasBody: request.method != .head, context)
    }

    private func send(_ answer: Answer, isLast: Bool, hasBody: Bool, _ context: ChannelHandlerContext) {
        var head = HTTPResponse(status: answer.status, headerFields: answer.fields)
        head.headerFields[.date] = HTTPDate.text(.now)
        if isLast { head.headerFields[.connection] = "close" }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if hasBody, !answer.body.isEmpty {
            context.write(wrapOutboundOut(.body(context.channel.allocator.buffer(bytes: answer.body))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        if isLast {
            close(context: context, mode: .output, promise: nil)
        } else {
            allow(limits.request, context)
        }
    }

    /// The connection ends unless something more happens within `time`.
    private func allow(_ time: TimeAmount, _ context: ChannelHandlerContext) {
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
    }

    /// Whether the client wants the connection to end after this one.
    private static func isLast(_ request: HTTPRequest) -> Bool {
        request.headerFields[values: .connection].contains { list in
            list.split { $0 == "," || $0 == " " || $0 == "\t" }.contains { $0.lowercased() == "close" }
        }
    }

    private static func isTooLarge(_ error: any Error) -> Bool {
        guard case .some(.headerOverflow) = error as? HTTPParserError else { return false }
        return true
    }
}

@available(*, unavailable)
extension ConnectionHandler: Sendable {}
