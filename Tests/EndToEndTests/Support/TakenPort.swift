import Glibc

/// A port of this machine that somebody else listens on.
final class TakenPort: Sendable {
    let port: UInt16
    private let descriptor: Int32

    /// Takes a free port of the family, on all addresses of it.
    init(_ family: Int32) throws {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        self.descriptor = descriptor
        // All addresses are zeros in both families, so an address is the family and nothing else.
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(family)
        var length = socklen_t(family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size)
        let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe bind(descriptor, pointer, length) == 0 && listen(descriptor, 1) == 0
                    && getsockname(descriptor, pointer, &length) == 0
            }
        }
        // The port is at the same place in both, too.
        port = UInt16(bigEndian: address.sin6_port)
        guard code else { throw Failed("no port can be taken: error \(errno)") }
    }

    deinit { close(descriptor) }
}
