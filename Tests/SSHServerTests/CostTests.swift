import FoundationEssentials
import Subprocess
import Testing

@testable import SSHServer

/// What connections cost; each test in a process of its own, because other tests cost too.
@Suite("Costs", .serialized, .timeLimit(.minutes(3))) struct CostTests {
    /// Lets in as many at once as these tests start.
    private static func crowded(_ configuration: inout SSHServerConfiguration) {
        configuration.limits = ConnectionLimits(
            maximumConnections: 2000, maximumUnauthenticated: 2000, maximumPerAddress: 2000)
    }

    /// Has `count` clients that log in and do nothing, for the time of `body`.
    private static func withIdleClients(
        _ count: Int, of server: TestServer, _ body: @Sendable () async throws -> Void
    ) async throws {
        let words = (["ssh"] + server.client.arguments(["-N"], [])).joined(separator: " ")
        let total = count + logins(of: server)
        let script = "for n in $(seq \(count)); do \(words) </dev/null >/dev/null 2>&1 & done; wait"
        _ = try await Subprocess.run(
            .name("sh"), arguments: ["-c", script], input: .none, output: .discarded, error: .discarded
        ) { shell in
            try await eventually("all are there", within: .seconds(60)) {
                logins(of: server) >= total
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
                let commands = "seq 40 | xargs -P 4 -I {} \(ssh) true; seq 40 | xargs -P 4 -I {} timeout -s KILL 0.5 \(ssh) flood"
                _ = try await Tool.run("sh", ["-c", "{ \(commands); } >/dev/null"])
                #expect(server.log.lines.count { $0.contains("connection ended") } >= 200)
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
                        #expect(each < 100_000)
                        try? Data("memory of an idle connection: \(each) bytes".utf8).write(to: URL(filePath: "/tmp/h-ssh/out\(Int.random(in:0...999))"))
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
                    #expect(used < .milliseconds(20))
                    try? Data("processor time of 50 idle connections in 2 s: \(used)".utf8).write(to: URL(filePath: "/tmp/h-ssh/out\(Int.random(in:0...999))"))
                }
            }
        }
    }
}
