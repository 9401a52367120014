import Synchronization

/// One shared bit: closed while the SSH server accepts connections, open when it does not (not yet, or draining).
///
/// The SSH server writes it, probes read it. Reading never waits, so a probe handler can.
package final class Circuit: Sendable {
    /// Which way the circuit stands.
    package enum State: UInt8, Sendable, AtomicRepresentable {
        /// Not listening yet, or draining, or stopped.
        case open
        /// Listening and accepting.
        case closed
    }

    private let storage = Atomic<State>(.open)
    private let everClosed = Atomic<Bool>(false)

    /// Makes an open circuit.
    package init() {}

    /// The state now.
    package var state: State { storage.load(ordering: .acquiring) }

    /// Whether the SSH server is accepting.
    package var isClosed: Bool { state == .closed }

    /// Whether the SSH server has accepted at any time since the start.
    package var hasBeenClosed: Bool { everClosed.load(ordering: .acquiring) }

    /// Closes the circuit: the SSH server is listening.
    ///
    /// - Returns: `false` when it was closed already.
    @discardableResult
    package func close() -> Bool {
        everClosed.store(true, ordering: .releasing)
        return exchange(expected: .open, desired: .closed)
    }

    /// Opens the circuit: the SSH server stops accepting.
    ///
    /// - Returns: `false` when it was open already.
    @discardableResult
    package func open() -> Bool { exchange(expected: .closed, desired: .open) }

    private func exchange(expected: State, desired: State) -> Bool {
        storage.compareExchange(expected: expected, desired: desired, ordering: .acquiringAndReleasing).exchanged
    }
}
