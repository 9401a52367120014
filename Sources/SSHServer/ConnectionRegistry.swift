import Health
import Synchronization

/// Counts the connections there are, so that limits hold.
final class ConnectionRegistry: Sendable {
    /// What one connection holds until it ends.
    struct Ticket: Sendable, Hashable {
        fileprivate let id: UInt64
    }

    private struct Entry {
        let address: String
        var authenticated = false
        /// It lost its place to a newcomer, and is to end.
        var isOusted = false
        /// Ends it.
        var oust: (@Sendable () -> Void)?
    }

    private struct State {
        var nextID: UInt64 = 0
        var entries: [UInt64: Entry] = [:]
        var unauthenticated = 0
        /// Those that have not been set up yet.
        var pending = 0
        var perAddress: [String: Int] = [:]
        var saturation: Saturation
        var loginPlaces: LoginPlaces
        /// When a connection was last refused because there were no descriptors for it.
        var shortage: ContinuousClock.Instant?

        /// Keeps up what is derived from the counts.
        mutating func changed(_ metrics: SSHServerMetrics) {
            saturation.observe(count: entries.count)
            metrics.set(authenticated: entries.count - unauthenticated, unauthenticated: unauthenticated)
        }
    }

    /// So long a shortage of descriptors is told, whatever one that is just closed leaves free for a moment.
    static let shortageLasts = Duration.seconds(5)

    private let limits: ConnectionLimits
    private let metrics: SSHServerMetrics
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state: Mutex<State>

    /// Makes a registry of no connections.
    ///
    /// - Parameters:
    ///   - limits: How many are let in.
    ///   - metrics: Told of all that happens.
    ///   - now: The time.
    init(
        limits: ConnectionLimits, metrics: SSHServerMetrics,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.limits = limits
        self.metrics = metrics
        self.now = now
        state = Mutex(
            State(
                saturation: Saturation(limit: limits.maximumConnections),
                loginPlaces: LoginPlaces(limit: limits.maximumUnauthenticated)))
    }

    /// How many connections there are.
    var count: Int { state.withLock { $0.entries.count } }

    /// How many connections were let in and have not opened all their descriptors yet.
    var pending: Int { state.withLock(\.pending) }

    /// How full the server is.
    var slots: ConnectionSlots {
        let now = now()
        return state.withLock { state in
            ConnectionSlots(
                count: state.entries.count, limit: limits.maximumConnections, isFull: state.saturation.isFull,
                unauthenticated: state.unauthenticated, loginPlaces: state.loginPlaces.reading(at: now),
                lacksDescriptors: state.shortage.map { now - $0 < Self.shortageLasts } ?? false)
        }
    }

    /// Lets a connection in, perhaps at the cost of another, or says why not.
    ///
    /// - Parameters:
    ///   - address: What connections are counted by.
    ///   - lacksDescriptors: Whether there are no descriptors for it.
    /// - Returns: What it holds until it ends, or the reason.
    func admit(from address: String, lacksDescriptors: Bool = false) -> Result<Ticket, ConnectionRefused> {
        let (result, oust) = state.withLock { state in
            admit(from: address, lacksDescriptors: lacksDescriptors, to: &state)
        }
        oust?()
        return result
    }

    private func admit(
        from address: String, lacksDescriptors: Bool, to state: inout State
    ) -> (Result<Ticket, ConnectionRefused>, oust: (@Sendable () -> Void)?) {
        let now = now()
        var refusal = limits.refusal(
            connections: state.entries.count, fromAddress: state.perAddress[address] ?? 0)
        if lacksDescriptors {
            refusal = .descriptors
            state.shortage = now
        }
        let decision = state.loginPlaces.decision(for: address, at: now)
        if let refusal = refusal ?? (decision == .refused ? .unauthenticated : nil) {
            metrics.count(refusal)
            return (.failure(ConnectionRefused(reason: refusal)), nil)
        }
        var oust: (@Sendable () -> Void)?
        if case .takes(let loser) = decision {
            state.loginPlaces.free(loser, at: now)
            state.entries[loser]?.isOusted = true
            oust = state.entries[loser]?.oust
        }
        state.nextID += 1
        state.entries[state.nextID] = Entry(address: address)
        state.unauthenticated += 1
        state.pending += 1
        state.perAddress[address, default: 0] += 1
        state.loginPlaces.take(state.nextID, from: address, at: now)
        metrics.countConnection()
        state.changed(metrics)
        return (.success(Ticket(id: state.nextID)), oust)
    }

    /// Says that a connection is set up, and how to end it if it loses its place to a newcomer.
    ///
    /// - Parameters:
    ///   - ticket: The connection's.
    ///   - oust: Called once, perhaps at once; must not wait.
    func isSetUp(_ ticket: Ticket, oust: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            guard let entry = state.entries[ticket.id], entry.oust == nil else { return false }
            state.pending -= 1
            state.entries[ticket.id]?.oust = oust
            return entry.isOusted
        }
        if isLate { oust() }
    }

    /// Notes that a connection has logged in.
    func authenticated(_ ticket: Ticket) {
        state.withLock { state in
            guard let entry = state.entries[ticket.id], !entry.authenticated else { return }
            state.entries[ticket.id]?.authenticated = true
            forgetUnauthenticated(ticket, in: &state)
            state.changed(metrics)
        }
    }

    /// Gives a connection's place back.
    func remove(_ ticket: Ticket) {
        state.withLock { state in
            guard let entry = state.entries.removeValue(forKey: ticket.id) else { return }
            if !entry.authenticated { forgetUnauthenticated(ticket, in: &state) }
            if entry.oust == nil { state.pending -= 1 }
            let rest = (state.perAddress[entry.address] ?? 1) - 1
            state.perAddress[entry.address] = rest > 0 ? rest : nil
            state.changed(metrics)
        }
    }

    private func forgetUnauthenticated(_ ticket: Ticket, in state: inout State) {
        state.unauthenticated -= 1
        state.loginPlaces.free(ticket.id, at: now())
    }
}

/// A connection was not let in.
struct ConnectionRefused: Error, Equatable {
    let reason: ConnectionLimits.Refusal
}
