import Synchronization

/// A sign of life: something that must not stop beats it, and ``Watchdog`` looks whether it moved.
///
/// It is watched from its first beat on, so that a slow start is not taken for a standstill.
package final class Heartbeat: Sendable {
    /// That of Swift's pool of threads; see ``Pulse``.
    package static let supervisorName = "supervisor"
    /// That of the loop that accepts SSH connections.
    package static let acceptorName = "acceptor"

    /// What stands still when this does.
    package let name: String

    private let beats = Atomic<UInt64>(0)
    private let retired = Atomic<Bool>(false)

    package init(name: String) { self.name = name }

    /// Says that it lives; at least once a second, from any thread.
    package func beat() { beats.wrappingAdd(1, ordering: .relaxed) }

    /// Says that it ends on purpose: no more beats are to be expected.
    package func retire() { retired.store(true, ordering: .releasing) }

    /// How often it beat.
    package var count: UInt64 { beats.load(ordering: .relaxed) }

    /// Whether it ended on purpose.
    package var isRetired: Bool { retired.load(ordering: .acquiring) }
}
