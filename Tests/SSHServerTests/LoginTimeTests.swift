import Subprocess
import Testing

@testable import SSHServer

@Suite("Time for login", .timeLimit(.minutes(10))) struct LoginTimeTests {
    private func impatient(_ configuration: inout SSHServerConfiguration) {
        configuration.loginGraceTime = .milliseconds(800)
    }

    @Test(
        "a client that says too little is parted from, with words",
        arguments: ["", "SSH-2.0-Nothing\r\n", "no end of line", "SSH-2.0-Odd\r\n\u{0}\u{0}"])
    func silent(text: String) async throws {
        try await TestServer.run(with: impatient) { server in
            let start = ContinuousClock.now
            let client = try RawConnection(port: server.port)
            client.send(text)
            try await eventually("the connection is closed") { client.hasEnded }
            #expect(client.has("SSH-2.0-"))
            #expect(client.has("Login took too long"))
            #expect(ContinuousClock.now - start > .milliseconds(700))
        }
    }

    @Test("garbage instead of SSH ends the connection at once", arguments: [40, 4000, 400_000])
    func garbage(count: Int) async throws {
        try await TestServer.run { server in
            let client = try RawConnection(port: server.port)
            client.send("SSH-2.0-Garbage\r\n" + String(repeating: "\u{7F}~", count: count / 2))
            try await eventually("the connection is closed") { client.hasEnded }
        }
    }

    @Test("a client that stops between key exchange and login is parted from")
    func stopsAfterKeyExchange() async throws {
        try await TestServer.run(with: impatient) { server in
            // The client asks an agent for keys, and waits for an answer that never comes.
            let path = server.scratch("agent")
            _ = try await Subprocess.run(
                .name("ssh-agent"), arguments: ["-D", "-a", path], input: .none, output: .discarded, error: .discarded
            ) { agent in
                try await eventually("the agent listens") {
                    try await Tool.run("ssh-add", ["-l"], environment: ["SSH_AUTH_SOCK": path]).status == 1
                }
                try agent.send(signal: .suspend)
                let client = server.client.with("IdentityAgent=\(path)")
                try await client.start("hold") { _ in
                    try await eventually("the connection is ended") {
                        server.log.lines.contains { $0.contains("connection ended") && $0.contains("loginTime") }
                    }
                }
                try agent.send(signal: .kill)
            }
            #expect(server.handler.events.isEmpty)
        }
    }

    @Test("who has logged in has all the time in the world")
    func loggedIn() async throws {
        try await TestServer.run(with: { $0.loginGraceTime = .seconds(5) }) { server async throws in
            #expect(try await server.client.run("wait 8000").status == 0)
        }
    }
}
