import Glibc

@testable import SSHServer

/// A TCP connection that speaks as much SSH as its test says; closed with the value.
final class RawConnection {
    private let descriptor: Int32
    /// What came so far.
    private(set) var received: [UInt8] = []
    /// The server has closed the connection.
    private(set) var isClosed = false

    /// The port that it comes from, if it was to be bound.
    private(set) var localPort: UInt16 = 0

    /// Connects.
    ///
    /// - Parameters:
    ///   - port: Where to.
    ///   - host: A numeric address.
    ///   - source: A numeric address and port to come from; port 0 lets the kernel choose one.
    ///   - onBound: Called with the port that it will come from, before it connects; only with a source.
    /// - Throws: ``ToolError`` with the system's words when nobody listens.
    init(
        port: UInt16, host: String = "127.0.0.1", from source: (host: String, port: UInt16)? = nil,
        onBound: (UInt16) -> Void = { _ in }
    ) throws {
        guard let address = SocketAddress(numeric: host, port: port) else {
            throw ToolError(message: "not a host: \(host)")
        }
        descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        // `deinit` closes from here on: everything is initialised.
        if let source {
            guard let local = SocketAddress(numeric: source.host, port: source.port),
                unsafe local.withSockaddr({ unsafe bind(descriptor, $0, $1) }) == 0
            else { throw ToolError(message: "bind: \(SystemError.text(errno))") }
            localPort = SocketAddress(ofLocal: descriptor)?.port ?? 0
            onBound(localPort)
        }
        guard unsafe address.withSockaddr({ unsafe connect(descriptor, $0, $1) }) == 0 else {
            throw ToolError(message: SystemError.text(errno))
        }
    }

    deinit { Glibc.close(descriptor) }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// Takes what is there, without waiting.
    func poll() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !isClosed {
            let count = unsafe recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                received += buffer[..<count]
            } else if count == 0 || errno != EAGAIN {
                isClosed = true
            } else {
                return
            }
        }
    }

    /// Whether `text` has come.
    func has(_ text: String) -> Bool {
        poll()
        return String(decoding: received, as: UTF8.self).contains(text)
    }

    /// Whether the server has closed the connection.
    var hasEnded: Bool {
        poll()
        return isClosed
    }
}
