import Synchronization

/// Tells the builder's own dials of its port from everybody else's connections.
///
/// Such a dial asks "does this port answer?" for the readiness probe, and must neither take a place from a client nor be refused
/// because all places are taken. Nobody else can profit from it: a connection counts as the builder's own only while its port
/// is expected, which it is once, and only from and to the one address that the builder dials. The kernel gives that
/// address and port to nobody else while the dialling socket is bound to them.
package final class OwnDials: Sendable {
    /// Dials expected, and own connections served, at one time: one dial at a time is usual, and a bug must not make this a way
    /// around the limits.
    static let maximumOutstanding = 4

    private struct State {
        /// Oldest first.
        var expected: [UInt16] = []
        var served = 0
    }

    /// The numeric address that is dialled, as ``SocketAddress/numericHost`` writes it.
    private let address: String
    private let state = Mutex(State())

    init(address: String) { self.address = address }

    /// Expects a connection from a local port; called once the dialling socket is bound, before it connects.
    ///
    /// With too many ports expected, the oldest is forgotten.
    package func expect(localPort: UInt16) {
        state.withLock { state in
            state.expected.removeAll { $0 == localPort }
            if state.expected.count == Self.maximumOutstanding { state.expected.removeFirst() }
            state.expected.append(localPort)
        }
    }

    /// Expects nothing from a port any more; called when the dial has ended, before its socket is closed.
    package func forget(localPort: UInt16) {
        state.withLock { state in state.expected.removeAll { $0 == localPort } }
    }

    /// Looks whether a connection is a dial of the builder's own.
    ///
    /// - Parameters:
    ///   - peer: Where the connection comes from.
    ///   - descriptor: The accepted socket.
    /// - Returns: `true` once for each expected port; ``release()`` is to follow.
    func claim(_ peer: SocketAddress, on descriptor: Int32) -> Bool {
        // First what nearly no connection passes.
        let port = peer.port
        guard isExpected(port), peer.numericHost == address,
            SocketAddress(ofLocal: descriptor)?.numericHost == address
        else { return false }
        return state.withLock { state in
            guard state.served < Self.maximumOutstanding, let index = state.expected.firstIndex(of: port) else {
                return false
            }
            state.expected.remove(at: index)
            state.served += 1
            return true
        }
    }

    private func isExpected(_ port: UInt16) -> Bool { state.withLock { $0.expected.contains(port) } }

    /// Notes that an own connection has ended.
    func release() { state.withLock { $0.served -= 1 } }
}
