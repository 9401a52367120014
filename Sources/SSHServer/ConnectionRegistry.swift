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
    }

    private struct State {
        var nextID: UInt64 = 0
        var entries: [UInt64: Entry] = [:]
        var unauthenticated = 0
        var perAddress: [String: Int] = [:]
        var unauthenticatedPerAddress: [String: Int] = [:]
        var saturation: Saturation

        /// Keeps up what is derived from the counts.
        mutating func changed(_ metrics: SSHServerMetrics) {
            saturation.observe(count: entries.count)
            metrics.set(authenticated: entries.count - unauthenticated, unauthenticated: unauthenticated)
        }
    }

    private let limits: ConnectionLimits
    private let metrics: SSHServerMetrics
    private let state: Mutex<State>

    init(limits: ConnectionLimits, metrics: SSHServerMetrics) {
        self.limits = limits
        self.metrics = metrics
        state = Mutex(State(saturation: Saturation(limit: limits.maximumConnections)))
    }

    /// How many connections there are.
    var count: Int { state.withLock { $0.entries.count } }

    /// How full the server is.
    var slots: ConnectionSlots {
        state.withLock { state in
            ConnectionSlots(
                count: state.entries.count, limit: limits.maximumConnections, isFull: state.saturation.isFull,
                unauthenticated: state.unauthenticated)
        }
    }

    /// Lets a connection in, or says why not.
    func admit(from address: String) -> Result<Ticket, ConnectionRefused> {
        let chance = Double.random(in: 0..<1)
        return state.withLock { state in
            let refusal = limits.refusal(
                connections: state.entries.count, unauthenticated: state.unauthenticated,
                fromAddress: state.perAddress[address] ?? 0,
                unauthenticatedFromAddress: state.unauthenticatedPerAddress[address] ?? 0, chance: chance)
            if let refusal {
                metrics.count(refusal)
                return .failure(ConnectionRefused(reason: refusal))
            }
            state.nextID += 1
            state.entries[state.nextID] = Entry(address: address)
            state.unauthenticated += 1
            state.perAddress[address, default: 0] += 1
            state.unauthenticatedPerAddress[address, default: 0] += 1
            metrics.countConnection()
            state.changed(metrics)
            return .success(Ticket(id: state.nextID))
        }
    }

    /// Notes that a connection has logged in.
    func authenticated(_ ticket: Ticket) {
        state.withLock { state in
            guard let entry = state.entries[ticket.id], !entry.authenticated else { return }
            state.entries[ticket.id]?.authenticated = true
            Self.forgetUnauthenticated(from: entry.address, in: &state)
            state.changed(metrics)
        }
    }

    /// Gives a connection's place back.
    func remove(_ ticket: Ticket) {
        state.withLock { state in
            guard let entry = state.entries.removeValue(forKey: ticket.id) else { return }
            if !entry.authenticated { Self.forgetUnauthenticated(from: entry.address, in: &state) }
            Self.countDown(&state.perAddress, entry.address)
            state.changed(metrics)
        }
    }

    private static func forgetUnauthenticated(from address: String, in state: inout State) {
        state.unauthenticated -= 1
        countDown(&state.unauthenticatedPerAddress, address)
    }

    private static func countDown(_ counts: inout [String: Int], _ address: String) {
        let rest = (counts[address] ?? 1) - 1
        counts[address] = rest > 0 ? rest : nil
    }
}

/// A connection was not let in.
struct ConnectionRefused: Error, Equatable {
    let reason: ConnectionLimits.Refusal
}
