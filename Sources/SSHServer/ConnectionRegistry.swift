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
    }

    private let limits: ConnectionLimits
    private let state = Mutex(State())

    init(limits: ConnectionLimits) { self.limits = limits }

    /// How many connections there are.
    var count: Int { state.withLock { $0.entries.count } }

    /// Lets a connection in, or says why not.
    func admit(from address: String) -> Result<Ticket, ConnectionRefused> {
        let chance = Double.random(in: 0..<1)
        return state.withLock { state in
            let refusal = limits.refusal(
                connections: state.entries.count, unauthenticated: state.unauthenticated,
                fromAddress: state.perAddress[address] ?? 0, chance: chance)
            if let refusal { return .failure(ConnectionRefused(reason: refusal)) }
            state.nextID += 1
            state.entries[state.nextID] = Entry(address: address)
            state.unauthenticated += 1
            state.perAddress[address, default: 0] += 1
            return .success(Ticket(id: state.nextID))
        }
    }

    /// Notes that a connection has logged in.
    func authenticated(_ ticket: Ticket) {
        state.withLock { state in
            guard state.entries[ticket.id]?.authenticated == false else { return }
            state.entries[ticket.id]?.authenticated = true
            state.unauthenticated -= 1
        }
    }

    /// Gives a connection's place back.
    func remove(_ ticket: Ticket) {
        state.withLock { state in
            guard let entry = state.entries.removeValue(forKey: ticket.id) else { return }
            if !entry.authenticated { state.unauthenticated -= 1 }
            let rest = (state.perAddress[entry.address] ?? 1) - 1
            state.perAddress[entry.address] = rest > 0 ? rest : nil
        }
    }
}

/// A connection was not let in.
struct ConnectionRefused: Error, Equatable {
    let reason: ConnectionLimits.Refusal
}
