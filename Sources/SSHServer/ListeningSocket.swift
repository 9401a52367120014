import Glibc

/// A bound TCP socket; nobody can connect before ``listen()``.
struct ListeningSocket: Sendable {
    /// How many connections may wait to be accepted: the kernel's own default ceiling (net.core.somaxconn).
    private static let backlog: Int32 = 4096

    let descriptor: Int32
    /// Numeric address and port as bound, for people: `[::]:2223`.
    let description: String
    let port: UInt16

    /// Binds one socket for all addresses, or one for each that is named.
    ///
    /// All addresses means one IPv6 socket that takes IPv4 too; where the host has no IPv6, an IPv4 one.
    ///
    /// - Parameters:
    ///   - addresses: Numeric addresses; empty means all.
    ///   - port: The TCP port; 0 lets the kernel choose one.
    ///   - setting: The key that an error names.
    /// - Returns: At least one socket, all with the same port.
    /// - Throws: ``SSHServerError`` for an address that is none, or a port that cannot be used.
    static func bind(addresses: [String], port: UInt16, setting: String) throws(SSHServerError) -> [ListeningSocket] {
        if addresses.isEmpty {
            if let socket = try dualStack(port: port, setting: setting) { return [socket] }
            return [try bind(address: "0.0.0.0", port: port, setting: setting)]
        }
        var sockets: [ListeningSocket] = []
        do {
            for address in addresses {
                // With port 0 every address gets the number that the kernel chose for the first.
                sockets.append(try bind(address: address, port: sockets.first?.port ?? port, setting: setting))
            }
        } catch {
            for socket in sockets { close(descriptor: socket.descriptor) }
            throw error
        }
        return sockets
    }

    /// The numeric address by which this host reaches a port that was bound by ``bind(addresses:port:setting:)``.
    static func dialled(for addresses: [String]) -> String {
        guard let first = addresses.first, let address = SocketAddress(numeric: first, port: 0)?.numericHost else {
            return "127.0.0.1"
        }
        return ["0.0.0.0": "127.0.0.1", "::": "::1"][address] ?? address
    }

    private static func dualStack(port: UInt16, setting: String) throws(SSHServerError) -> ListeningSocket? {
        let descriptor = socket(
            AF_INET6, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0)
        return try bind(descriptor, to: SocketAddress.anyIPv6(port: port), named: "[::]", port: port, setting: setting)
    }

    private static func bind(address: String, port: UInt16, setting: String) throws(SSHServerError) -> ListeningSocket {
        guard let target = SocketAddress(numeric: address, port: port) else {
            throw .address(setting: setting, address)
        }
        let descriptor = socket(
            target.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else {
            throw .bind(setting: setting, address: address, port: port, reason: SystemError.text(errno))
        }
        if target.family == AF_INET6 { set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
        let name = target.family == AF_INET6 ? "[\(address)]" : address
        return try bind(descriptor, to: target, named: name, port: port, setting: setting)
    }

    private static func bind(
        _ descriptor: Int32, to target: SocketAddress, named name: String, port: UInt16, setting: String
    ) throws(SSHServerError) -> ListeningSocket {
        set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
        guard unsafe target.withSockaddr({ unsafe Glibc.bind(descriptor, $0, $1) }) == 0 else {
            let failure = errno
            close(descriptor: descriptor)
            throw .bind(setting: setting, address: name, port: port, reason: SystemError.text(failure))
        }
        let bound = SocketAddress(ofLocal: descriptor)?.port ?? port
        return ListeningSocket(descriptor: descriptor, description: "\(name):\(bound)", port: bound)
    }

    /// Lets clients connect.
    func listen() throws(SSHServerError) {
        guard Glibc.listen(descriptor, Self.backlog) == 0 else {
            throw .listen("\(description): \(SystemError.text(errno))")
        }
    }

    /// Sets an integer option; what the kernel does not know is not worth failing for.
    static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        _ = unsafe setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
}
