import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Health

/// Against real sockets.
@Suite struct SSHPortDialTests {
    private func dial(_ port: UInt16, host: String = "127.0.0.1", limit: Duration = .seconds(10)) -> DialResult {
        SSHPortDial(target: DialTarget(host: host, port: port), limit: limit).run()
    }

    @Test(
        "what a server says decides",
        arguments: [
            (["SSH-2.0-slipway\r\n"], "ok"), (["SSH-", "2.0-sl", "ipway\r", "\n"], "ok"),
            (["Welcome.\r\nTo you.\r\n", "SSH-2.0-x\r\n"], "ok"), (["HTTP/1.1 400 Bad Request\r\n\r\n"], "garbage"),
            (["SSH-1.5-old\r\n"], "garbage"), ([String(repeating: "lines\r\n", count: 200)], "garbage"),
            (["\u{15}\u{3}\u{3}\u{0}"], "garbage"), ([], "silent"),
        ])
    func answers(pieces: [String], label: String) throws {
        let listener = try TestListener(sending: pieces)
        defer { listener.stop() }
        // With time enough for a busy machine where something is to come; after a line that is none of ours it may yet come.
        let isOpen = pieces.first?.hasPrefix("HTTP") == true
        let result = dial(
            listener.port, limit: label == "silent" ? .milliseconds(300) : isOpen ? .seconds(2) : .seconds(10))
        #expect(result.label == label)
        #expect((result.problem == nil) == (label == "ok"))
        if label == "silent" { #expect(result == .silent(limit: .milliseconds(300))) }
    }

    @Test("a port at which nothing listens is refused, in the system's words")
    func refused() throws {
        let port = try TestListener.closed()
        let result = dial(port.port)
        #expect(result == .refused(reason: "connection refused"))
        #expect(result.problem == "the SSH port cannot be reached: connection refused")
    }

    @Test("a server that hangs up at once is told from one that says something else")
    func hangsUp() throws {
        let silent = try TestListener(sending: [], hangsUp: true)
        let rude = try TestListener(sending: ["go away\r\n"], hangsUp: true)
        defer {
            silent.stop()
            rude.stop()
        }
        #expect(dial(silent.port, limit: .seconds(10)) == .refused(reason: "it hangs up at once"))
        #expect(dial(rude.port, limit: .seconds(10)) == .garbage)
    }

    @Test("a server that accepts nobody, its queue full, does not hold the dial up")
    func queueFull() throws {
        let listener = try TestListener(sending: nil, backlog: 0)
        // The first fills the queue; the kernel answers no other.
        let results = (0..<3).map { _ in
            DialSocketHolder(target: DialTarget(host: "127.0.0.1", port: listener.port))
        }
        let start = ContinuousClock.now
        #expect(dial(listener.port, limit: .milliseconds(300)) == .refused(reason: "no connection within 300 ms"))
        #expect(ContinuousClock.now - start < .seconds(60))
        withExtendedLifetime(results) {}
    }

    @Test(
        "a name is not resolved, because that could wait for a name server", arguments: ["localhost", "", "1.2.3.4.5"])
    func names(host: String) {
        #expect(dial(22, host: host) == .refused(reason: "its address is not a numeric one"))
    }

    @Test("the local port is told before the connection comes, and again before it is closed")
    func ports() throws {
        let listener = try TestListener(sending: ["SSH-2.0-x\r\n"])
        defer { listener.stop() }
        let told = Mutex<[String]>([])
        let result = SSHPortDial(
            target: DialTarget(host: "127.0.0.1", port: listener.port), limit: .seconds(10),
            onBound: { port in told.withLock { $0.append("bound \(port), \(listener.peerPorts.count) came") } },
            onEnd: { port in told.withLock { $0.append("end \(port)") } }
        ).run()
        #expect(result.isOK)
        let port = try #require(listener.peerPorts.first)
        #expect(told.withLock { $0 } == ["bound \(port), 0 came", "end \(port)"])
    }

    @Test("it hangs up without a reset, even when the server goes on talking")
    func polite() async throws {
        let listener = try TestListener(sending: ["SSH-2.0-x\r\n" + String(repeating: "key exchange ", count: 1_000)])
        defer { listener.stop() }
        #expect(dial(listener.port, limit: .seconds(10)).isOK)
        try await eventually("it ended") { listener.howTheyEnded == [0] }
    }

    @Test("a server that dribbles is not waited for beyond the limit")
    func dribble() throws {
        let listener = try TestListener(sending: Array(repeating: "x\n", count: 480))
        defer { listener.stop() }
        let start = ContinuousClock.now
        #expect(dial(listener.port, limit: .seconds(2)) == .garbage)
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test("IPv6 is dialled as well, where the machine has it")
    func version6() {
        // Nothing listens at port 1 of this machine.
        let result = dial(1, host: "::1")
        #expect(result.label == "refused")
        #expect(result != .refused(reason: "its address is not a numeric one"))
    }

    @Test("dials leave no descriptor behind")
    func descriptors() async {
        // In a process of its own, for other tests have some, too.
        await #expect(processExitsWith: .success) {
            let listener = try TestListener(sending: ["SSH-2.0-x\r\n"])
            defer { listener.stop() }
            let closed = try TestListener.closed()
            let tests = SSHPortDialTests()
            for _ in 0..<300 { #expect(tests.dial(closed.port).label == "refused") }
            let probe = TestListener.tcpSocket()
            #expect(probe < 100)
            close(probe)
            #expect(tests.dial(listener.port).isOK)
        }
    }
}

/// Keeps a connection that was begun.
private final class DialSocketHolder {
    private let descriptor = TestListener.tcpSocket()

    init(target: DialTarget) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = target.port.bigEndian
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        _ = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    deinit { close(descriptor) }
}
