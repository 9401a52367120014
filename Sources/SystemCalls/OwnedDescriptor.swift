package import Glibc

/// An open file descriptor that is closed when its owner goes away.
package struct OwnedDescriptor: ~Copyable, Sendable {
    package let raw: Int32

    /// Takes over a descriptor.
    ///
    /// - Parameter raw: Open, and closed by nobody else.
    package init(_ raw: Int32) { self.raw = raw }

    deinit { close(raw) }

    /// Its size, time and type.
    package func status() throws(SystemCallError) -> stat {
        var status = stat()
        guard unsafe fstat(raw, &status) == 0 else { throw .last("fstat") }
        return status
    }

    /// Waits until the disk has it.
    package func synchronize() throws(SystemCallError) {
        guard fsync(raw) == 0 else { throw .last("fsync") }
    }
}
