import Foundation
import Glibc

/// A client without any HTTP library, so that it can send what no library would.
///
/// Blocking: to be used inside ``onThread(_:)``.
final class RawClient {
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    init(port: UInt16, limitSeconds: Int = 20) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: limitSeconds, tv_usec: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    }

    deinit { close(descriptor) }

    func send(_ text: String) throws {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
            bytes = bytes.dropFirst(count)
        }
    }

    func ask(_ path: String, method: String = "GET", fields: [String] = []) throws {
        try send(Self.request(path, method: method, fields: fields))
    }

    static func request(_ path: String, method: String = "GET", fields: [String] = []) -> String {
        (["\(method) \(path) HTTP/1.1", "Host: test"] + fields).map { "\($0)\r\n" }.joined() + "\r\n"
    }

    func endInput() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Reads one response, of which there must be all.
    func response(hasBody: Bool = true) throws -> RawResponse {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let head = buffer.firstRange(of: end) {
                var response = RawResponse(head: String(decoding: buffer[..<head.lowerBound], as: UTF8.self))
                let length = hasBody ? Int(response.fields["content-length"] ?? "0") ?? 0 : 0
                while buffer.count < head.upperBound + length {
                    guard try receive() else { throw POSIXError(.ECONNRESET) }
                }
                response.body = String(decoding: buffer[head.upperBound..<head.upperBound + length], as: UTF8.self)
                buffer.removeFirst(head.upperBound + length)
                return response
            }
            guard try receive() else { throw POSIXError(.ECONNRESET) }
        }
    }

    /// Reads until the server closes.
    func rest() throws -> String {
        while try receive() {}
        defer { buffer = [] }
        return String(decoding: buffer, as: UTF8.self)
    }

    /// - Returns: `false` when the server has closed.
    private func receive() throws -> Bool {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
        guard count >= 0 else {
            if errno == ECONNRESET { return false }
            throw POSIXError(.init(rawValue: errno) ?? .EIO)
        }
        buffer += bytes[..<count]
        return count > 0
    }
}
