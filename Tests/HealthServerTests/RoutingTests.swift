import Testing

@testable import HealthServer

@Suite struct RoutingTests {
    @Test(
        "paths lead to what they name",
        arguments: [
            ("/livez", .probe(.livez, check: nil)), ("/livez/", .probe(.livez, check: nil)),
            ("//livez", .probe(.livez, check: nil)), ("/livez/acceptor", .probe(.livez, check: "acceptor")),
            ("/readiness", .probe(.readyz, check: nil)), ("/readiness/ssh", .probe(.readyz, check: "ssh")),
            ("/startupz/host%2dkeys?verbose", .probe(.startupz, check: "host-keys")),
            ("/healthz/storage", .probe(.healthz, check: "storage")), ("/status", .status(.negotiated)),
            ("/status?x", .status(.negotiated)), ("/status.json", .status(.json)), ("/metrics", .metrics),
            ("/", .home), ("", .home), ("?x", .home), ("/livez/a/b", .unknown), ("/Livez", .unknown),
            ("/status/x", .unknown), ("/metrics/x", .unknown), ("/livez%00", .unknown), ("*", .unknown),
        ] as [(String, Route)])
    func routes(_ path: String, _ route: Route) {
        #expect(Route(RequestTarget(path)) == route)
    }

    @Test("queries are taken apart and decoded")
    func queries() {
        let target = RequestTarget("/a%20b/%zz/%4?x=1&&y&x=a%3Db+c=%&=z#e=f")
        #expect(target.segments == ["a b", "%zz", "%4"])
        #expect(target.query.map { "\($0.name)|\($0.value)" } == ["x|1", "y|", "x|a=b c=%", "|z"])
        #expect(RequestTarget("/%ff").segments == ["\u{fffd}"])
    }

    @Test("an unknown address is told of those that there are")
    func notFound() async throws {
        try await TestServer.run { server in
            let answer = try await server.get("/favicon.ico")
            #expect(answer.code == 404)
            #expect(answer.fields["content-type"] == "text/plain; charset=utf-8")
            for path in Route.addresses {
                #expect(answer.body.contains("\n\(path)\n"))
                #expect(try await server.get(path).code == 200)
            }
            #expect(try await server.get("/readyz/nothing").code == 404)
            #expect(try await server.get("/healthz/nothing").code == 404)
        }
    }

    @Test("the host name alone leads to the status page")
    func home() async throws {
        try await TestServer.run { server in
            let answer = try await server.get("/")
            #expect(answer.code == 302)
            #expect(answer.fields["location"] == "/status")
        }
    }

    @Test("metrics are in Prometheus' text format")
    func metrics() async throws {
        try await TestServer.run { server in
            let answer = try await server.get("/metrics")
            #expect(answer.body == "up 1\n")
            #expect(answer.fields["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        }
    }
}
