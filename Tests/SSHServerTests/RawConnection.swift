import Glibc

@testable import SSHServer

/// A TCP connection that speaks as much SSH as its test says; closed with the value.
final class RawConnection {
    private let descriptor: Int32
    /// What came so far.
    private(set) var received: [UInt8] = []
    /// The server has closed the connection.
    private(set) var isClosed = false

    /// Connects.
    ///
    /// - Throws: ``ToolError`` with the system's words when nobody listens.
    init(port: UInt16, host: String = "127.0.0.1") throws {
        guard let address = SocketAddress(numeric: host, port: port) else {
            throw ToolError(message: "not a host: \(host)")
        }
        descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard unsafe address.withSockaddr({ unsafe connect(descriptor, $0, $1) }) == 0 else {
            // `deinit` closes: everything is initialised.
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
