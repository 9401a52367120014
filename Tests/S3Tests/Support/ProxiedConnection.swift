import Foundation
import Glibc
import Synchronization

/// One connection of a proxy: a thread for each direction; the sockets close when both have ended.
final class ProxiedConnection: Sendable {
    private struct State {
        var fault = Fault.none
        var up = 0
        var down = 0
    }

    private static let size = 16 << 10
    private static let methods = ["GET /", "PUT /", "POST /", "HEAD /", "DELETE /"]

    private let client: Int32
    private let server: Int32
    private let next: @Sendable (String) -> Fault
    private let state = Mutex(State())

    /// Takes two connected sockets.
    ///
    /// - Parameters:
    ///   - client: Closed in the end.
    ///   - server: Closed in the end.
    ///   - next: Gives the fault for a request, by its first line.
    init(client: Int32, server: Int32, next: @escaping @Sendable (String) -> Fault) {
        self.client = client
        self.server = server
        self.next = next
    }

    deinit {
        close(client)
        close(server)
    }

    /// Begins to pass bytes on.
    func run() {
        Thread.detachNewThread { self.passUp() }
        Thread.detachNewThread { self.passDown() }
    }

    private func passUp() {
        while var bytes = Self.receive(client) {
            // A client sends a request only when it has the answer to the one before, so one begins a chunk.
            if Self.methods.contains(where: { bytes.starts(with: $0.utf8) }) {
                let line = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
                let fault = next(line)
                state.withLock { state in state = State(fault: fault) }
                if case .answer(let text) = fault { _ = Self.send(client, Array(text.utf8)) }
            }
            let (fault, before) = state.withLock { state in
                defer { state.up += bytes.count }
                return (state.fault, state.up)
            }
            switch fault {
            case .answer: continue
            case .resetUp(let limit) where before + bytes.count >= limit:
                _ = Self.send(server, Array(bytes.prefix(limit - before)))
                return reset()
            case .stallUp(let limit) where before + bytes.count >= limit:
                _ = Self.send(server, Array(bytes.prefix(max(0, limit - before))))
                continue
            case .corruptUp(let place) where (before..<(before + bytes.count)).contains(place):
                bytes[place - before] ^= 0x01
            case .slowUp(let rate): usleep(UInt32(bytes.count * 1_000_000 / rate))
            default: break
            }
            guard Self.send(server, bytes) else { break }
        }
        shutdown(server, Int32(SHUT_RDWR))
        shutdown(client, Int32(SHUT_RDWR))
    }

    private func passDown() {
        while var bytes = Self.receive(server) {
            let (fault, before) = state.withLock { state in
                defer { state.down += bytes.count }
                return (state.fault, state.down)
            }
            switch fault {
            case .resetDown(let limit) where before + bytes.count >= limit:
                _ = Self.send(client, Array(bytes.prefix(max(0, limit - before))))
                return reset()
            case .cutDown(let limit) where before + bytes.count >= limit:
                _ = Self.send(client, Array(bytes.prefix(max(0, limit - before))))
                shutdown(client, Int32(SHUT_RDWR))
                shutdown(server, Int32(SHUT_RDWR))
                return
            case .stallDown(let limit) where before + bytes.count >= limit:
                _ = Self.send(client, Array(bytes.prefix(max(0, limit - before))))
                continue
            case .corruptDown(let place) where (before..<(before + bytes.count)).contains(place):
                bytes[place - before] ^= 0x01
            case .lateDown(let time) where before == 0: usleep(UInt32(time * 1000))
            case .dripDown(let time):
                // Servers send the head at once.
                let head = before > 0 ? 0 : Self.headSize(bytes)
                guard Self.send(client, Array(bytes[..<head])), drip(bytes[head...], every: time) else { break }
                continue
            case .slowDown(let rate): usleep(UInt32(bytes.count * 1_000_000 / rate))
            default: break
            }
            guard Self.send(client, bytes) else { break }
        }
        shutdown(client, Int32(SHUT_RDWR))
        shutdown(server, Int32(SHUT_RDWR))
    }

    /// Returns false once nobody takes the bytes any more.
    private func drip(_ bytes: ArraySlice<UInt8>, every milliseconds: Int) -> Bool {
        bytes.allSatisfy { byte in
            usleep(UInt32(milliseconds * 1000))
            return Self.send(client, [byte])
        }
    }

    private static func headSize(_ bytes: [UInt8]) -> Int {
        let end = Array("\r\n\r\n".utf8)
        let start = bytes.indices.first { bytes[$0...].starts(with: end) }
        return start.map { $0 + end.count } ?? bytes.count
    }

    /// Has the kernel send a reset instead of an orderly end, and wakes the other thread.
    private func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(client, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        shutdown(client, Int32(SHUT_RD))
        shutdown(server, Int32(SHUT_RDWR))
    }

    private static func receive(_ socket: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: size)
        let count = unsafe recv(socket, &bytes, bytes.count, 0)
        return count > 0 ? Array(bytes[..<count]) : nil
    }

    private static func send(_ socket: Int32, _ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.send(socket, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
