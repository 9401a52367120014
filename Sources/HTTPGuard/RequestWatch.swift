import HTTPTypes
package import NIOCore
package import NIOHTTPTypes

/// Tells a ``ConnectionRoster`` whether a request is in work on a connection.
package final class RequestWatch: ChannelDuplexHandler, RemovableChannelHandler {
    package typealias InboundIn = HTTPRequestPart
    package typealias InboundOut = HTTPRequestPart
    package typealias OutboundIn = HTTPResponsePart
    package typealias OutboundOut = HTTPResponsePart

    private let roster: ConnectionRoster
    private var unanswered = 0

    /// Makes a watch for one connection.
    package init(roster: ConnectionRoster) { self.roster = roster }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head = unwrapInboundIn(data) {
            unanswered += 1
            roster.note(context.channel, isBusy: true)
        }
        context.fireChannelRead(data)
    }

    package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            unanswered -= 1
            roster.note(context.channel, isBusy: unanswered > 0)
        }
        context.write(data, promise: promise)
    }
}

@available(*, unavailable)
extension RequestWatch: Sendable {}
