import Glibc

/// A small HTTP client that measures to the microsecond: bare blocking sockets, nothing between them and the clock.
final class ProbeClient {
    /// What one question got.
    struct Answer: Sendable {
        /// 0 when there was none within ``ProbeClient/patience``.
        let status: Int
        /// From before the connection, where a new one is made, to the last byte.
        let took: Duration
    }

    /// Longer than anybody who probes waits, so that what is too slow is measured and not cut off.
    static let patience = 5

    private let port: UInt16
    private let keepsAlive: Bool
    private var descriptor: Int32 = -1

    init(port: UInt16, keepsAlive: Bool) {
        self.port = port
        self.keepsAlive = keepsAlive
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Asks once.
    func ask(_ path: String) -> Answer {
        let start = ContinuousClock.now
        let status = exchange(
            "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n\(keepsAlive ? "" : "Connection: close\r\n")\r\n")
        if status == nil || !keepsAlive { hangUp() }
        return Answer(status: status ?? 0, took: ContinuousClock.now - start)
    }

    private func exchange(_ request: String) -> Int? {
        guard descriptor >= 0 || connectNow() else { return nil }
        var rest = Array(request.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return nil }
            rest = rest.dropFirst(count)
        }
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            text += String(decoding: buffer[..<count], as: UTF8.self)
            if let status = Self.status(ofWhole: text) { return status }
        }
    }

    /// The status of an answer that is there to its last byte; they are all ASCII here.
    private static func status(ofWhole text: String) -> Int? {
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        let length = lines.first { $0.lowercased().hasPrefix("content-length: ") }.flatMap { Int($0.dropFirst(16)) }
        guard text[end.upperBound...].utf8.count >= length ?? 0 else { return nil }
        return lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }

    private func connectNow() -> Bool {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var limit = timeval(tv_sec: Self.patience, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            unsafe setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let code = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if code != 0 { hangUp() }
        return code == 0
    }

    private func hangUp() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }
}
