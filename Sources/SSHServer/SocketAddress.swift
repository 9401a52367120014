import CLibSSH
import Glibc

/// An IPv4 or IPv6 address with a port.
struct SocketAddress: Sendable {
    private var storage = sockaddr_storage()

    var family: Int32 { Int32(storage.ss_family) }

    /// Parses a numeric address.
    init?(numeric text: String, port: UInt16) {
        var four = sockaddr_in()
        if unsafe inet_pton(AF_INET, text, &four.sin_addr) == 1 {
            four.sin_family = sa_family_t(AF_INET)
            four.sin_port = port.bigEndian
            unsafe withUnsafeMutableBytes(of: &storage) { unsafe $0.storeBytes(of: four, as: sockaddr_in.self) }
            return
        }
        var six = sockaddr_in6()
        guard unsafe inet_pton(AF_INET6, text, &six.sin6_addr) == 1 else { return nil }
        six.sin6_family = sa_family_t(AF_INET6)
        six.sin6_port = port.bigEndian
        unsafe withUnsafeMutableBytes(of: &storage) { unsafe $0.storeBytes(of: six, as: sockaddr_in6.self) }
    }

    private init(storage: sockaddr_storage) { self.storage = storage }

    /// `[::]`.
    static func anyIPv6(port: UInt16) -> SocketAddress {
        var six = sockaddr_in6()
        six.sin6_family = sa_family_t(AF_INET6)
        six.sin6_port = port.bigEndian
        var storage = sockaddr_storage()
        unsafe withUnsafeMutableBytes(of: &storage) { unsafe $0.storeBytes(of: six, as: sockaddr_in6.self) }
        return SocketAddress(storage: storage)
    }

    /// The address that a socket is bound to.
    init?(ofLocal descriptor: Int32) {
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length)
            }
        }
        guard result == 0 else { return nil }
    }

    /// Accepts a connection on a listening socket and takes the client's address with it.
    ///
    /// - Returns: The new descriptor (non-blocking, close-on-exec), or -1 with `errno` set.
    static func accept(on descriptor: Int32) -> (descriptor: Int32, address: SocketAddress) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let accepted = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe accept4(descriptor, $0, &length, flags)
            }
        }
        return (accepted, SocketAddress(storage: storage))
    }

    /// The port.
    var port: UInt16 {
        unsafe withUnsafeBytes(of: storage) { bytes in
            // The port stands at the same place in both families (ip(7), ipv6(7)).
            unsafe UInt16(bigEndian: bytes.load(fromByteOffset: 2, as: UInt16.self))
        }
    }

    /// The numeric address without the port; an IPv4 address in IPv6 clothes is written as IPv4.
    var numericHost: String {
        var buffer = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let result = unsafe withSockaddr {
            unsafe getnameinfo($0, $1, &buffer, socklen_t(buffer.count), nil, 0, NI_NUMERICHOST)
        }
        guard result == 0 else { return "unknown" }
        let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.hasPrefix("::ffff:") && text.contains(".") ? String(text.dropFirst(7)) : text
    }

    /// What connections are counted by: an IPv4 address, or the /64 network of an IPv6 one, all of which one host can have
    /// (RFC 6177).
    var network: String {
        let host = numericHost
        var six = in6_addr()
        guard host.contains(":"), unsafe inet_pton(AF_INET6, host, &six) == 1 else { return host }
        return unsafe withUnsafeBytes(of: six) { bytes in
            unsafe bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":")
        }
    }

    /// Gives `body` the address in the form that system calls take.
    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        let length = family == AF_INET6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
        return unsafe withUnsafePointer(to: storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(length))
            }
        }
    }
}
