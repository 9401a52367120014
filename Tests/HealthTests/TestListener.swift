import Glibc
import Synchronization

@testable import Health

/// A real TCP listener on 127.0.0.1, whose behaviour a test chooses.
final class TestListener: Sendable {
    let port: UInt16
    private let descriptor: Int32
    private let peers = Mutex<[UInt16]>([])
    private let endings = Mutex<[Int32]>([])

    /// The local ports of those that connected.
    var peerPorts: [UInt16] { peers.withLock { $0 } }

    /// For each connection that ended: 0 when the peer hung up, or the `errno`, such as that of a reset.
    var howTheyEnded: [Int32] { endings.withLock { $0 } }

    /// Listens, and for each connection sends the pieces, a moment apart, then reads until the peer hangs up.
    ///
    /// - Parameters:
    ///   - pieces: What to send; `nil` for nobody ever accepting.
    ///   - hangsUp: Whether to close at once after that.
    ///   - backlog: How many may wait to be accepted; `nil` to hold the port, but refuse all.
    /// - Throws: When the system gives no socket or thread.
    init(sending pieces: [String]?, hangsUp: Bool = false, backlog: Int32? = 16) throws {
        let listening = Self.tcpSocket()
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(listening, $0, length) | (backlog.map { listen(listening, $0) } ?? 0)
                    | getsockname(listening, $0, &length)
            }
        }
        guard code == 0 else { throw ThreadUnavailable(name: "listener", code: errno) }
        descriptor = listening
        port = UInt16(bigEndian: address.sin_port)
        guard let pieces else { return }
        try BackgroundThread.start(name: "listener") { [self] in
            while true {
                let connection = accept(listening)
                if connection < 0 { return }
                for piece in pieces {
                    usleep(2_000)
                    let bytes = Array(piece.utf8)
                    _ = unsafe send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
                }
                if !hangsUp {
                    var buffer = [UInt8](repeating: 0, count: 64)
                    var count = 1
                    while count > 0 { count = unsafe recv(connection, &buffer, buffer.count, 0) }
                    let ending = count == 0 ? 0 : errno
                    endings.withLock { $0.append(ending) }
                }
                close(connection)
            }
        }
    }

    /// Ends the listening; the thread ends with it.
    func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    deinit { close(descriptor) }

    /// Holds a port at which nothing listens, so that no other test can come to listen there.
    static func closed() throws -> TestListener { try TestListener(sending: nil, backlog: nil) }

    static func tcpSocket() -> Int32 { socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0) }

    private func accept(_ listening: Int32) -> Int32 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let connection = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.accept(listening, $0, &length)
            }
        }
        if connection >= 0 { peers.withLock { $0.append(UInt16(bigEndian: address.sin_port)) } }
        return connection
    }
}
