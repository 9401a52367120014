import Subprocess
import Testing

@testable import SSHServer

/// Everything that the protocol has besides running one command on a channel.
@Suite("Refusals", .timeLimit(.minutes(10))) struct RefusalTests {
    @Test(
        "forwarding of ports and sockets is refused",
        arguments: [["-R", "0:127.0.0.1:1"], ["-R", "/nowhere/socket:127.0.0.1:1"]])
    func remoteForwarding(flags: [String]) async throws {
        try await TestServer.run { server in
            let client = server.client.with("ExitOnForwardFailure=yes")
            let result = try await client.run(flags: ["-N"] + flags)
            #expect(result.status == 255)
            #expect(result.errors.contains("remote port forwarding failed"), "\(result.errors)")
        }
    }

    /// With `-L` and `-D` the client opens channels as it does with `-W`.
    @Test("channels to other places are refused")
    func localForwarding() async throws {
        try await TestServer.run { server in
            let result = try await server.client.run(flags: ["-W", "127.0.0.1:\(server.port)"])
            #expect(result.status == 255)
            #expect(result.errors.contains("open failed"), "\(result.errors)")
            #expect(result.output.isEmpty)
        }
    }

    @Test("subsystems are refused")
    func subsystem() async throws {
        try await TestServer.run { server in
            let result = try await server.client.run("sftp", flags: ["-s"])
            #expect(result.status != 0)
            #expect(result.errors.contains("subsystem request failed"), "\(result.errors)")
            #expect(server.handler.events.isEmpty)
        }
    }

    @Test("X11 is refused, the command runs")
    func x11() async throws {
        try await TestServer.run { server in
            let result = try await server.client.run("exit 5", flags: ["-X"], environment: ["DISPLAY": ":99"])
            #expect(result.status == 5)
            #expect(result.errors.contains("X11 forwarding request failed"), "\(result.errors)")
        }
    }

    @Test("the agent is not forwarded, the command runs")
    func agent() async throws {
        try await TestServer.run { server async throws in
            let client = server.client.with("ForwardAgent=yes")
            #expect(try await client.run("exit 5").status == 5)
        }
    }

    @Test("whatever is no public key is no way in", arguments: CrudeClient.Login.allCases)
    func login(method: CrudeClient.Login) async throws {
        try await TestServer.run { server in
            let outcome = try await CrudeClient.run(port: server.port) { client in client.login(method) }
            #expect(outcome == .denied)
        }
    }

    @Test("a channel takes one command, and no second one")
    func secondCommand() async throws {
        try await TestServer.run { server in
            let key = server.client.keys[0]
            let outcome = try await CrudeClient.run(port: server.port) { client in
                guard client.login(key: key) == .succeeded, let channel = client.openChannel() else { return [false] }
                return [
                    client.request("hold", on: channel), client.request("exit 1", on: channel),
                    client.request(nil, on: channel),
                ]
            }
            #expect(outcome == [true, false, false])
            try await eventually("the client is gone") { server.handler.events == ["begin hold", "cancelled hold"] }
        }
    }

    @Test("a connection has so many channels and no more, until one is closed")
    func sessions() async throws {
        try await TestServer.run(with: { $0.maximumSessions = 3 }) { server in
            let key = server.client.keys[0]
            let outcome = try await CrudeClient.run(port: server.port) { client in
                guard client.login(key: key) == .succeeded else { return [false] }
                let channels = (0..<4).map { _ in client.openChannel() }
                let opened = channels.map { $0 != nil }
                // One that was asked for nothing gives its place back as well.
                if let last = channels[2] { client.close(last) }
                return opened + [client.openChannel() != nil, client.openChannel() != nil]
            }
            #expect(outcome == [true, true, true, false, true, false])
        }
    }

    @Test("channels that the client leaves half closed take up places too")
    func halfClosed() async throws {
        try await TestServer.run(with: { $0.maximumSessions = 3 }) { server in
            let key = server.client.keys[0]
            let outcome = try await CrudeClient.run(port: server.port) { client in
                guard client.login(key: key) == .succeeded else { return [false] }
                var channels: [CrudeClient.Channel] = []
                for _ in 0..<3 {
                    guard let channel = client.openChannel() else { break }
                    channels.append(channel)
                    _ = client.request("true", on: channel)
                    client.waitForEnd(of: channel)
                }
                let refused = client.openChannel() == nil
                for channel in channels { client.close(channel) }
                return [channels.count == 3, refused, client.openChannel() != nil]
            }
            #expect(outcome == [true, true, true])
        }
    }

    @Test("a client that has not logged in opens no channel")
    func channelBeforeLogin() async throws {
        try await TestServer.run { server async throws in
            #expect(try await CrudeClient.run(port: server.port) { client in client.openChannel() == nil })
        }
    }
}
