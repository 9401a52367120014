import Synchronization

/// The port of the SSH server, which is known only once it is bound when 0 was asked for.
final class BoundPort: Sendable {
    private let storage: Atomic<UInt16>

    /// Takes the port that was asked for.
    init(_ port: UInt16) { storage = Atomic(port) }

    var value: UInt16 { storage.load(ordering: .relaxed) }

    /// Notes the port that was bound.
    func set(_ port: UInt16) { storage.store(port, ordering: .relaxed) }
}
