import Glibc

extension OwnedDescriptor {
    /// Takes the exclusive lock of this open file; closing it lets go.
    ///
    /// - Parameter waiting: Whether to wait for another holder.
    /// - Returns: Whether it is held now; always true when `waiting`.
    /// - Throws: ``SystemCallError``.
    package func lock(waiting: Bool) throws(SystemCallError) -> Bool {
        while flock(raw, waiting ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
            if errno == EWOULDBLOCK { return false }
            guard errno == EINTR else { throw .last("flock") }
        }
        return true
    }

    /// Lets go of the lock.
    package func unlock() { flock(raw, LOCK_UN) }
}
