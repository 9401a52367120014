import Synchronization
import TestSupport

/// Holds tasks up until a test opens it.
final class Gate: Sendable {
    private let isOpened = Mutex(false)

    var isOpen: Bool { isOpened.withLock { $0 } }

    func open() { isOpened.withLock { $0 = true } }

    func wait() async throws { try await eventually("the gate opens") { isOpen } }
}
