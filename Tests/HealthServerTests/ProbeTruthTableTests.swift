import Health
import Testing

@testable import HealthServer

@Suite struct ProbeTruthTableTests {
    enum Dial: CaseIterable { case ok, refused, silent }
    enum Dependency: CaseIterable { case up, down, hung }
    enum Slots: CaseIterable { case free, full, loginsFull, withoutDescriptors }

    /// One row: the state, and what follows from it for each endpoint; not by way of the code under test.
    struct Row: Sendable, CustomStringConvertible {
        var circuit: Bool, dial: Dial, slots: Slots, isDraining: Bool

        var description: String {
            "circuit \(circuit ? "closed" : "open"), dial \(dial), slots \(slots)"
                + (isDraining ? ", draining" : "")
        }

        var inputs: ReadinessInputs {
            let result: DialResult =
                switch dial {
                case .ok: .ok(latency: .milliseconds(1))
                case .refused: .refused(reason: "connection refused")
                case .silent: .silent(limit: .seconds(2))
                }
            return ReadinessInputs(
                circuitIsClosed: circuit, circuitHasBeenClosed: circuit || isDraining,
                dial: DialReading(last: result, age: .seconds(1), failuresInARow: dial == .ok ? 0 : 2),
                slots: SlotsReading(
                    count: slots == .full ? 64 : 12, limit: 64, isFull: slots == .full,
                    loginPlaces: LoginPlacesReading(
                        count: slots == .loginsFull ? 10 : 9, limit: 10, isFull: slots == .loginsFull),
                    lacksDescriptors: slots == .withoutDescriptors),
                drain: isDraining ? "draining: still accepting connections for 3 s" : nil)
        }

        private var circuitLine: String {
            circuit
                ? "[+]circuit ok"
                : "[-]circuit failed: "
                    + (isDraining ? "draining" : "the SSH server does not accept connections yet")
        }

        private var dialLine: String {
            switch dial {
            case .ok: "[+]ssh ok"
            case .refused: "[-]ssh failed: the SSH port cannot be reached: connection refused"
            case .silent: "[-]ssh failed: the SSH port takes connections but does not answer within 2 s"
            }
        }

        private var slotsLine: String {
            switch slots {
            case .free: "[+]slots ok"
            case .full: "[-]slots failed: all 64 connections are taken; ready again at 51"
            case .loginsFull:
                "[-]slots failed: login places 10 of 10 taken by clients that have not logged in; ready again at 8"
            case .withoutDescriptors: "[-]slots failed: this builder is out of file descriptors"
            }
        }

        var isReady: Bool { circuit && dial == .ok && slots == .free && !isDraining }

        var readyz: String {
            [
                circuitLine, dialLine, "[+]supervisor ok", "[+]acceptor ok", "[+]watchdog ok", slotsLine,
                "[+]workspace ok",
                isDraining
                    ? "[-]drain failed: draining: still accepting connections for 3 s" : "[+]drain ok",
                "readyz check \(isReady ? "passed" : "failed")", "",
            ].joined(separator: "\n")
        }

        var isStarted: Bool { circuit || isDraining }

        var startupz: String {
            [
                "[+]configuration ok", "[+]host-keys ok", "[+]workspace ok",
                isStarted ? "[+]ssh ok" : "[-]ssh failed: the SSH server is not listening yet",
                "startupz check \(isStarted ? "passed" : "failed")", "",
            ].joined(separator: "\n")
        }

        func healthz(_ dependency: Dependency) -> (isHealthy: Bool, text: String) {
            let isHealthy = circuit && dial == .ok && dependency == .up
            let ssh = circuit ? dialLine : circuitLine.replacing("circuit failed", with: "ssh failed")
            let lines = [
                ssh, "[+]access ok", Row.line(dependency), "healthz check \(isHealthy ? "passed" : "failed")", "",
            ]
            return (isHealthy, lines.joined(separator: "\n"))
        }

        static func check(_ dependency: Dependency) -> ProbeCheck {
            switch dependency {
            case .up: ProbeCheck(name: "storage")
            case .down: ProbeCheck(name: "storage", problem: "no space is left")
            case .hung: ProbeCheck(name: "storage", problem: "no answer within 800 ms")
            }
        }

        private static func line(_ dependency: Dependency) -> String {
            check(dependency).problem.map { "[-]storage failed: \($0)" } ?? "[+]storage ok"
        }
    }

    static let rows = [true, false].flatMap { circuit in
        Dial.allCases.flatMap { dial in
            Slots.allCases.flatMap { slots in
                [false, true].map { Row(circuit: circuit, dial: dial, slots: slots, isDraining: $0) }
            }
        }
    }

    @Test("every state of the server gives each endpoint its code and text")
    func truthTable() async throws {
        try await TestServer.run { server in
            for row in Self.rows {
                server.board.inputs = row.inputs
                for dependency in Dependency.allCases {
                    server.board.dependencies = [ProbeCheck(name: "access"), Row.check(dependency)]
                    let asked = try await answers(server)
                    // Never a dependency, and never what a restart does not mend.
                    expect(
                        asked, "/livez", row, true,
                        "[+]supervisor ok\n[+]acceptor ok\n[+]watchdog ok\nlivez check passed\n")
                    expect(asked, "/readyz", row, row.isReady, row.readyz)
                    expect(asked, "/readiness", row, row.isReady, row.readyz)
                    expect(asked, "/startupz", row, row.isStarted, row.startupz)
                    let (isHealthy, text) = row.healthz(dependency)
                    expect(asked, "/healthz", row, isHealthy, text)
                    #expect(asked["/status.json"]?.code == 200 && asked["/metrics"]?.code == 200)
                }
            }
        }
    }

    @Test("livez and readyz fail for what stands still", arguments: ["supervisor", "acceptor", "watchdog"])
    func standstill(_ name: String) async throws {
        try await TestServer.run { server in
            server.board.inputs.stalls = [Stall(name: name, seconds: 7)]
            let answer = try await server.get("/livez")
            #expect(answer.code == 503)
            #expect(answer.body.contains("[-]\(name) failed: ") && answer.body.contains("for 7 s\n"))
            let readiness = try await server.get("/readyz")
            #expect(readiness.code == 503 && readiness.body.contains("[-]\(name) failed: "), "\(readiness)")
        }
    }

    /// Everything on one connection, plain and verbose.
    private func answers(_ server: TestServer) async throws -> [String: RawResponse] {
        try await onThread { [port = server.port] in
            let client = try RawClient(port: port)
            var answers: [String: RawResponse] = [:]
            for path in ["/livez", "/readyz", "/readiness", "/startupz", "/healthz", "/status.json", "/metrics"] {
                for query in ["", "?verbose"] {
                    try client.ask(path + query)
                    answers[path + query] = try client.response()
                }
            }
            return answers
        }
    }

    private func expect(
        _ answers: [String: RawResponse], _ path: String, _ row: Row, _ isHealthy: Bool, _ verbose: String
    ) {
        let plain = answers[path]
        let long = answers[path + "?verbose"]
        #expect(plain?.code == (isHealthy ? 200 : 503), "\(path): \(row)")
        #expect(plain?.body == (isHealthy ? "ok" : verbose), "\(path): \(row)")
        #expect(long?.code == plain?.code, "\(path): \(row)")
        #expect(long?.body == verbose, "\(path): \(row)")
        #expect(plain?.fields["content-type"] == "text/plain; charset=utf-8")
        #expect(plain?.fields["cache-control"] == "no-store")
        #expect(plain?.fields["x-content-type-options"] == "nosniff")
        #expect(plain?.fields["date"] != nil)
    }
}
