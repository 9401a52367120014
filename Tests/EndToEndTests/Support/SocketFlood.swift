import Glibc

/// Many connections to ports of this machine that ask for nothing, or for half of something.
final class SocketFlood {
    private var connections: [(port: UInt16, descriptor: Int32)] = []

    /// Makes a flood of no connections, and sees to it that this process can have many.
    init() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    deinit { end() }

    /// Opens connections; nobody waits for any.
    func open(_ count: Int, to port: UInt16) {
        for _ in 0..<count {
            let descriptor = socket(
                AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
            guard descriptor >= 0 else { return }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            _ = unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            connections.append((port, descriptor))
        }
    }

    /// Sends a piece of a request on each but those to one port.
    func send(_ text: String, butTo port: UInt16) {
        let bytes = Array(text.utf8)
        for connection in connections where connection.port != port {
            _ = unsafe Glibc.send(connection.descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        }
    }

    /// Opens those again that the server closed.
    ///
    /// - Parameter limit: How many of them at most; the others next time.
    func renew(limit: Int) {
        let all = connections
        connections = []
        var closed: [UInt16] = []
        for connection in all {
            if closed.count == limit || isOpen(connection.descriptor) {
                connections.append(connection)
            } else {
                close(connection.descriptor)
                closed.append(connection.port)
            }
        }
        for port in closed { open(1, to: port) }
    }

    /// Closes all.
    func end() {
        for connection in connections { close(connection.descriptor) }
        connections = []
    }

    private func isOpen(_ descriptor: Int32) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count <= 0 { return count < 0 && [EAGAIN, ENOTCONN, EINPROGRESS].contains(errno) }
        }
    }
}
