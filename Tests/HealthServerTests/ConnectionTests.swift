import Foundation
import Glibc
import NIOCore
import Testing

@testable import HealthServer

/// What holds for a connection, whatever is asked on it.
@Suite struct ConnectionTests {
    @Test(
        "HEAD is answered as GET is, without the body",
        arguments: ["/livez", "/readyz?verbose", "/healthz?verbose", "/status.json", "/metrics", "/nothing", "/"])
    func head(_ path: String) async throws {
        try await TestServer.run { server in
            let (get, head, after) = try await onThread {
                let client = try RawClient(port: server.port)
                try client.ask(path)
                let get = try client.response()
                try client.ask(path, method: "HEAD")
                let head = try client.response(hasBody: false)
                // A body would be taken for the start of this answer.
                try client.ask("/livez")
                return (get, head, try client.response())
            }
            #expect(head.code == get.code)
            #expect(head.fields["content-length"] == "\(get.body.utf8.count)")
            #expect(head.fields["content-type"] == get.fields["content-type"])
            #expect(after.code == 200 && after.body == "ok")
        }
    }

    @Test("pipelined requests are answered in their order, slow ones among them")
    func pipelining() async throws {
        try await TestServer.run { server in
            let (gate, open) = AsyncStream.makeStream(of: Void.self)
            server.board.gate = gate
            let paths = ["/livez", "/healthz", "/nothing", "/livez?verbose", "/status.json", "/metrics", "/livez"]
            let codes = try await onThread {
                let client = try RawClient(port: server.port)
                try client.send(paths.map { RawClient.request($0) }.joined())
                let first = try client.response().body
                // The probe that came behind the slow request waits for it.
                open.finish()
                let rest = try (1..<paths.count).map { _ in try client.response().body }
                return [first] + rest
            }
            #expect(codes[0] == "ok")
            #expect(codes[1] == "ok")
            #expect(codes[2].contains("nothing at this address"))
            #expect(codes[3].hasSuffix("livez check passed\n"))
            #expect(codes[4].hasPrefix("{"))
            #expect(codes[5] == "up 1\n")
            #expect(codes[6] == "ok")
        }
    }

    @Test("thousands of pipelined probes are all answered")
    func manyPipelined() async throws {
        try await TestServer.run { server in
            let count = 5000
            let answered = try await onThread {
                let client = try RawClient(port: server.port)
                try client.send(String(repeating: RawClient.request("/readyz"), count: count))
                return try (0..<count).count { _ in try client.response().body == "ok" }
            }
            #expect(answered == count)
        }
    }

    @Test("a request's body is ignored", arguments: ["/livez", "/healthz", "/nothing"])
    func body(_ path: String) async throws {
        try await TestServer.run { server in
            let codes = try await onThread {
                let client = try RawClient(port: server.port)
                try client.send(RawClient.request(path, fields: ["Content-Length: 100000"]))
                try client.send(String(repeating: "x", count: 100_000))
                try client.send(RawClient.request(path, fields: ["Transfer-Encoding: chunked"]))
                try client.send("3\r\nabc\r\n0\r\n\r\n")
                try client.ask("/livez")
                return try (0..<3).map { _ in try client.response().code }
            }
            #expect(codes.last == 200)
            #expect(codes[0] == codes[1])
        }
    }

    @Test(
        "a connection is closed when the client asks for that", arguments: ["/livez", "/healthz"],
        ["close", "Close", "keep-alive, close"])
    func connectionClose(_ path: String, _ word: String) async throws {
        try await TestServer.run { server in
            let (answer, rest) = try await onThread {
                let client = try RawClient(port: server.port, limitSeconds: 8)
                try client.ask(path, fields: ["Connection: \(word)"])
                return (try client.response(), try client.rest())
            }
            #expect(answer.code == 200)
            #expect(rest.isEmpty)
        }
    }

    @Test(
        "an old client without a Host field is answered, and its connection is closed at once",
        arguments: ["/livez", "/healthz", "/metrics"], ["", "Connection: keep-alive\r\n"])
    func http10(_ path: String, _ field: String) async throws {
        try await TestServer.run { server in
            let (answer, rest, took) = try await onThread {
                let client = try RawClient(port: server.port, limitSeconds: 8)
                try client.send("GET \(path) HTTP/1.0\r\n\(field)\r\n")
                let answer = try client.response()
                let start = ContinuousClock.now
                return (answer, try client.rest(), ContinuousClock.now - start)
            }
            #expect(answer.code == 200 && answer.body == (path == "/metrics" ? "up 1\n" : "ok"))
            // The other limits are ten seconds and more.
            #expect(rest.isEmpty && took < .seconds(5))
        }
    }

    @Test("a client that ends its side still gets its answer", arguments: ["/livez", "/healthz", "/metrics"])
    func halfClosed(_ path: String) async throws {
        try await TestServer.run { server in
            let rest = try await onThread {
                let client = try RawClient(port: server.port)
                try client.ask(path)
                client.endInput()
                return try client.rest()
            }
            #expect(rest.hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test(
        "a request that never comes to its end is cut off",
        arguments: [
            "", "GET /liv", "GET /livez HTTP/1.1\r\nHost: x\r\n",
            "GET /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc",
            "GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc",
        ])
    func slowRequest(_ beginning: String) async throws {
        try await TestServer.run(limits: Self.shortLimits) { server in
            // Closed by the server, or the read would fail at its own limit.
            _ = try await onThread {
                let client = try RawClient(port: server.port, limitSeconds: 20)
                try client.send(beginning)
                return try client.rest()
            }
        }
    }

    @Test("a request that dribbles in is cut off too", arguments: ["/livez", "/healthz"])
    func dribble(_ path: String) async throws {
        try await TestServer.run(limits: Self.shortLimits) { server in
            let error = await #expect(throws: POSIXError.self) {
                try await onThread {
                    let client = try RawClient(port: server.port)
                    try client.send("GET \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
                    // Ends with an error, when the server has closed; the loop's own end is far away.
                    for _ in 0..<2_000 {
                        try client.send("x")
                        usleep(5_000)
                    }
                }
            }
            #expect(error.map { [.EPIPE, .ECONNRESET].contains($0.code) } == true)
        }
    }

    @Test("who takes no answers is cut off")
    func slowReader() async throws {
        try await TestServer.run(limits: Self.shortLimits) { server in
            let error = await #expect(throws: POSIXError.self) {
                try await onThread {
                    let client = try RawClient(port: server.port, limitSeconds: 8)
                    let requests = String(repeating: RawClient.request("/nothing"), count: 1000)
                    for _ in 0..<1_000 { try client.send(requests) }
                }
            }
            #expect(error.map { [.EPIPE, .ECONNRESET].contains($0.code) } == true)
        }
    }

    @Test(
        "what is too long is refused in words",
        arguments: [
            ("GET /livez?\(String(repeating: "x", count: 3000)) HTTP/1.1\r\nHost: x\r\n\r\n", 414),
            ("GET /livez HTTP/1.1\r\nHost: x\r\nX: \(String(repeating: "x", count: 20_000))\r\n\r\n", 431),
            ("GET /\(String(repeating: "x", count: 20_000)) HTTP/1.1\r\nHost: x\r\n\r\n", 431),
            ("GET /livez HTTP/1.1\r\nHost: x\r\n\(String(repeating: "X: 1\r\n", count: 200))\r\n", 431),
            ("this is not HTTP\r\n\r\n", 400),
            ("GET /livez HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
            ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{fc}\u{3}\u{3}", 400),
        ])
    func refused(_ request: String, _ code: Int) async throws {
        try await TestServer.run { server in
            let (answer, rest) = try await onThread {
                let client = try RawClient(port: server.port, limitSeconds: 8)
                try client.send(request)
                let answer = try client.response()
                return (answer, code == 414 ? "" : try client.rest())
            }
            #expect(answer.code == code)
            #expect(answer.body.hasSuffix("\n"))
            #expect(rest.isEmpty)
        }
    }

    @Test(
        "only GET and HEAD are answered",
        arguments: ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"],
        ["/livez", "/readyz/ssh", "/healthz", "/status", "/status.json", "/metrics", "/"])
    func methods(_ method: String, _ path: String) async throws {
        // Not a method at all to the parser, which closes.
        try await TestServer.run { server in
            let answer = try await server.get(path, method: method)
            #expect(answer.code == (method == "BREW" ? 400 : 405))
            if method != "BREW" { #expect(answer.fields["allow"] == "GET, HEAD") }
        }
    }

    private static let shortLimits = ConnectionLimits(
        request: .milliseconds(300), answer: .milliseconds(300), linger: .milliseconds(100))
}
