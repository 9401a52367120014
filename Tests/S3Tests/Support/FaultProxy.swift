import Foundation
import Glibc
import Synchronization
import TestSupport

/// A proxy between a client and a server that does something wrong with chosen requests.
final class FaultProxy: Sendable {
    /// Decides what to do with a request: gets its number, from 0, and the first line of it.
    typealias Plan = @Sendable (_ number: Int, _ line: String) -> Fault

    let port: Int
    private let listener: Int32
    private let plan: Plan
    private let seen = Mutex<[String]>([])

    /// Begins to listen.
    ///
    /// - Parameters:
    ///   - target: The server's port on this machine.
    ///   - plan: What to do with each request.
    /// - Throws: ``MissingTool`` when no port can be had.
    init(to target: Int, _ plan: @escaping Plan) throws {
        self.plan = plan
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.local(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listens = unsafe withUnsafeMutablePointer(to: &address) { [listener] pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe bind(listener, pointer, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, pointer, &length) == 0
            }
        }
        guard listens else { throw MissingTool(name: "a proxy") }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [weak self, listener] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0, let self else { break }
                let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
                var address = Self.local(port: target)
                let isConnected = unsafe withUnsafePointer(to: &address) { pointer in
                    unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                        unsafe connect(server, pointer, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                    }
                }
                let connection = ProxiedConnection(client: client, server: server) { [weak self] line in
                    self?.next(line) ?? .none
                }
                if isConnected { connection.run() }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// The first lines of all requests so far.
    var requests: [String] { seen.withLock { $0 } }

    private func next(_ line: String) -> Fault {
        let number = seen.withLock { seen in
            seen.append(line)
            return seen.count - 1
        }
        return plan(number, line)
    }

    private static func local(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }
}
