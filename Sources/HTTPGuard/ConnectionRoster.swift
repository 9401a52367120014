package import NIOCore
import Synchronization

/// The connections of a port, and which of them to close when there is no room for one more.
///
/// A connection on which no request is in work is idle: a request that has not come to its end is none. Whoever fills the port with
/// such connections loses them, the oldest first, and a fresh client gets in.
package final class ConnectionRoster: Sendable {
    private struct Entry {
        let channel: any Channel
        /// A request came, and its answer is not out yet.
        var isBusy = false
        /// When it came, or last became busy or idle.
        var since: NIODeadline
        /// It is being closed, on an event loop of its own that may have much to do: its descriptor is not free yet.
        var isLeaving = false
    }

    /// An idle connection that is younger may be about to ask; it is closed only where the port itself is full.
    private static let patience = TimeAmount.milliseconds(200)
    /// With so many that are being closed nobody else gets in before they are: whoever comes is faster than they go.
    private static let maximumLeaving = 4

    /// How many there may be.
    package let limit: Int
    private let closesBusy: Bool
    private let entries = Mutex<[ObjectIdentifier: Entry]>([:])

    /// Makes an empty roster.
    ///
    /// - Parameters:
    ///   - limit: How many there may be.
    ///   - closesBusy: Whether one with a request in work may be closed where all have one.
    package init(limit: Int, closesBusy: Bool) {
        self.limit = limit
        self.closesBusy = closesBusy
    }

    /// How many there are.
    ///
    /// Without those that are being closed.
    package var count: Int { entries.withLock { $0.values.count { !$0.isLeaving } } }

    /// Whether one more would get in.
    var hasRoom: Bool {
        entries.withLock { entries in
            let leaving = entries.values.count(where: \.isLeaving)
            guard leaving <= Self.maximumLeaving else { return false }
            return entries.count - leaving < limit || closesBusy
                || entries.values.contains { !$0.isBusy && !$0.isLeaving }
        }
    }

    /// Takes note of a connection until it is closed.
    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        entries.withLock { $0[id] = Entry(channel: channel, since: .now()) }
        channel.closeFuture.whenComplete { [self] _ in entries.withLock { _ = $0.removeValue(forKey: id) } }
    }

    /// Takes note of a request that came on a connection, or of an answer that left.
    ///
    /// - Parameters:
    ///   - channel: The connection.
    ///   - isBusy: Whether a request is in work on it now.
    package func note(_ channel: any Channel, isBusy: Bool) {
        entries.withLock { entries in
            entries[ObjectIdentifier(channel)]?.isBusy = isBusy
            entries[ObjectIdentifier(channel)]?.since = .now()
        }
    }

    /// Closes the connection that has been idle for longest, and for more than a moment.
    ///
    /// - Parameter now: What time it is.
    /// - Returns: Whether there was one.
    func closeOldestIdle(at now: NIODeadline = .now()) -> Bool {
        let young = now - Self.patience
        return closeOldest { !$0.isBusy && $0.since < young }
    }

    /// Closes as many as there are too many: the idle ones first, each time the oldest.
    ///
    /// - Parameter newest: One that is not to be closed.
    func closeSurplus(but newest: any Channel) {
        let newest = ObjectIdentifier(newest)
        while count > limit {
            let isClosed =
                closeOldest { !$0.isBusy && ObjectIdentifier($0.channel) != newest }
                || closesBusy && closeOldest { ObjectIdentifier($0.channel) != newest }
            if !isClosed { return }
        }
    }

    private func closeOldest(where mayClose: (Entry) -> Bool) -> Bool {
        let oldest = entries.withLock { entries -> (any Channel)? in
            let found = entries.filter { !$0.value.isLeaving && mayClose($0.value) }
                .min { $0.value.since < $1.value.since }
            guard let found else { return nil }
            entries[found.key]?.isLeaving = true
            return found.value.channel
        }
        oldest?.close(promise: nil)
        return oldest != nil
    }
}
