import Glibc
import Synchronization

/// A descriptor that is held only to be given up when there is no other.
///
/// With it an acceptor that has run out can still take one connection, and answer or close it, rather than leave all of them waiting.
package final class SpareDescriptor: Sendable {
    private let held = Mutex<Int32?>(nil)

    /// Takes one.
    package init() { restore() }

    deinit { release() }

    /// Gives it up.
    ///
    /// - Returns: Whether there was one.
    @discardableResult
    package func release() -> Bool {
        held.withLock { held in
            guard let descriptor = held else { return false }
            close(descriptor)
            held = nil
            return true
        }
    }

    /// Takes one again, unless it is held.
    ///
    /// - Returns: Whether it is held now.
    @discardableResult
    package func restore() -> Bool {
        held.withLock { held in
            if held != nil { return true }
            let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            guard descriptor >= 0 else { return false }
            held = descriptor
            return true
        }
    }
}
