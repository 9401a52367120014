import Glibc
import Subprocess
import Testing

@testable import SSHServer

/// What connections cost; each test in a process of its own, because other tests cost too.
@Suite("Costs", .serialized, .timeLimit(.minutes(10))) struct CostTests {
    /// Lets in as many at once as these tests start.
    private static func crowded(_ configuration: inout SSHServerConfiguration) {
        configuration.limits = ConnectionLimits(
            maximumConnections: 2000, maximumUnauthenticated: 2000, maximumPerAddress: 2000)
    }

    /// Has `count` clients that log in and do nothing, for the time of `body`, which begins when they have, if they are counted.
    private static func withIdleClients(
        _ count: Int, of server: TestServer, counted: Bool = true, _ body: @Sendable () async throws -> Void
    ) async throws {
        let words = (["ssh"] + server.client.arguments(["-N"], [])).joined(separator: " ")
        let total = count + logins(of: server)
        let script = "for n in $(seq \(count)); do \(words) </dev/null >/dev/null 2>&1 & done; wait"
        _ = try await Subprocess.run(
            .name("sh"), arguments: ["-c", script], input: .none, output: .discarded, error: .discarded
        ) { shell in
            try await eventually("all are there") {
                !counted || logins(of: server) >= total
            }
            try await body()
            // The clients go when the server ends.
            try shell.send(signal: .kill)
        }
    }

    private static func logins(of server: TestServer) -> Int {
        server.log.lines.count { $0.contains("logged in") }
    }

    @Test("200 connections, ended in every way, leave neither threads nor descriptors behind")
    func leaks() async {
        await #expect(processExitsWith: .success) {
            try await TestServer.run(with: CostTests.crowded) { server in
                _ = try await server.client.run("true")
                let before = try ProcessCosts.now()
                for _ in 0..<40 {
                    let silent = try RawConnection(port: server.port)
                    let garbage = try RawConnection(port: server.port)
                    garbage.send("SSH-2.0-Garbage\r\n\u{7F}\u{7F}\u{7F}\u{7F}\u{7F}\u{7F}\u{7F}\u{7F}")
                    let polite = try RawConnection(port: server.port)
                    polite.send("SSH-2.0-Polite\r\n")
                    try await eventually("served") { silent.has("SSH-2.0-") && polite.has("SSH-2.0-") }
                }
                let ssh = (["ssh"] + server.client.arguments([], [])).joined(separator: " ")
                let many = "seq 40 | xargs -P 4 -I {} sh -c"
                let killed = "timeout -s KILL 0.5 \(ssh) flood || true"
                let script = "{ \(many) '\(ssh) true'; \(many) '\(killed)'; } >/dev/null"
                #expect(try await Tool.run("sh", ["-c", script]).status == 0)
                // Not each of those that are killed has come so far as to connect.
                try await eventually("all have ended") {
                    let ended = server.log.lines.count { $0.contains("connection ended") }
                    return ended > 160 && ended == server.counted("connections")
                }
                try await eventually("all is as before") {
                    let now = try ProcessCosts.now()
                    // Swift's and the subprocess library's own threads and pipes come and go.
                    return now.threads <= before.threads + 8 && now.descriptors <= before.descriptors + 8
                }
            }
        }
    }

    @Test("an idle connection costs less than 100 KB")
    func memory() async {
        await #expect(processExitsWith: .success) {
            try await TestServer.run(with: CostTests.crowded) { server in
                try await CostTests.withIdleClients(10, of: server) {
                    let before = try ProcessCosts.now()
                    try await CostTests.withIdleClients(100, of: server) {
                        let each = (try ProcessCosts.now().memory - before.memory) / 100
                        #expect(each < 100_000, "\(each) bytes")
                    }
                }
            }
        }
    }

    @Test("50 idle connections cost no processor time")
    func processorTime() async {
        await #expect(processExitsWith: .success) {
            try await TestServer.run(with: CostTests.crowded) { server in
                try await CostTests.withIdleClients(50, of: server) {
                    let before = try ProcessCosts.now()
                    try await Task.sleep(for: .seconds(2))
                    let used = try ProcessCosts.now().time - before.time
                    #expect(used < .milliseconds(20), "\(used)")
                }
            }
        }
    }

    @Test("a server without descriptors left refuses connections, and takes them again when it has some")
    func descriptors() async {
        await #expect(processExitsWith: .success) {
            try await TestServer.run(with: CostTests.crowded) { server async throws in
                #expect(try await server.client.run("exit 3").status == 3)
                try await CostTests.withIdleClients(20, of: server, counted: false) {
                    try await CostTests.withDescriptors(try ProcessCosts.now().descriptors + 12) {
                        try await eventually("it is logged") {
                            server.log.lines.contains { $0.contains("out of file descriptors") }
                        }
                    }
                    #expect(try await server.client.run("exit 3").status == 3)
                }
            }
        }
    }

    /// Lowers the limit on descriptors for the time of `body`.
    private static func withDescriptors(_ count: Int, _ body: () async throws -> Void) async throws {
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        var lowered = rlimit(rlim_cur: rlim_t(count), rlim_max: limit.rlim_max)
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &lowered)
        defer { unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) }
        try await body()
    }
}
