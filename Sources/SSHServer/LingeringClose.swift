import Glibc

/// The polite end of a TCP connection.
enum LingeringClose {
    /// Says that nothing more will be sent, reads on until the client closes as well, then closes.
    ///
    /// Closing with bytes unread resets the connection, and the client may never see what was sent last.
    ///
    /// - Parameters:
    ///   - socket: A non-blocking socket.
    ///   - limit: How long the client may take.
    static func run(on socket: Int32, for limit: Duration) {
        shutdown(socket, Int32(SHUT_WR))
        let deadline = ContinuousClock.now + limit
        var readable = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let rest = (deadline - .now) / .milliseconds(1)
            guard rest >= 1, unsafe poll(&readable, 1, Int32(rest)) > 0,
                unsafe recv(socket, &buffer, buffer.count, 0) > 0
            else { break }
        }
        close(descriptor: socket)
    }
}
