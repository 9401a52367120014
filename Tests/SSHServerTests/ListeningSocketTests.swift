import Testing

@testable import SSHServer

@Suite("Listening") struct ListeningSocketTests {
    @Test("one socket for all addresses takes IPv4 and IPv6", arguments: ["127.0.0.1", "::1"])
    func dualStack(host: String) throws {
        let sockets = try ListeningSocket.bind(addresses: [], port: 0, setting: "ssh.port")
        defer { for socket in sockets { close(descriptor: socket.descriptor) } }
        let socket = try #require(sockets.first)
        #expect(sockets.count == 1)
        #expect(socket.description == "[::]:\(socket.port)")
        #expect(throws: ToolError.self, "nobody can connect yet") { try RawConnection(port: socket.port, host: host) }
        try socket.listen()
        _ = try RawConnection(port: socket.port, host: host)
    }

    @Test("named addresses all get the port that the kernel chose for the first")
    func named() throws {
        let sockets = try ListeningSocket.bind(addresses: ["127.0.0.1", "::1"], port: 0, setting: "ssh.port")
        defer { for socket in sockets { close(descriptor: socket.descriptor) } }
        let port = try #require(sockets.first?.port)
        #expect(sockets.map(\.description) == ["127.0.0.1:\(port)", "[::1]:\(port)"])
        for socket in sockets { try socket.listen() }
        _ = try RawConnection(port: port, host: "127.0.0.1")
        _ = try RawConnection(port: port, host: "::1")
    }

    @Test("a port that is taken is an error that names the setting")
    func taken() throws {
        let sockets = try ListeningSocket.bind(addresses: [], port: 0, setting: "ssh.port")
        defer { for socket in sockets { close(descriptor: socket.descriptor) } }
        let socket = try #require(sockets.first)
        try socket.listen()
        let error = #expect(throws: SSHServerError.self) {
            try SSHServer.checkPort(addresses: [], port: socket.port, setting: "ssh.port")
        }
        #expect(error?.description == "ssh.port: cannot use port \(socket.port) on [::]: Address already in use")
        #expect(throws: SSHServerError.self) {
            try SSHServer.checkPort(addresses: ["127.0.0.1"], port: socket.port, setting: "ssh.port")
        }
    }

    @Test("a port that is free stays free when it is checked")
    func check() throws {
        let sockets = try ListeningSocket.bind(addresses: [], port: 0, setting: "ssh.port")
        let port = try #require(sockets.first?.port)
        for socket in sockets { close(descriptor: socket.descriptor) }
        for _ in 0..<3 { try SSHServer.checkPort(addresses: [], port: port, setting: "ssh.port") }
    }

    @Test("what is no address is an error that names it", arguments: ["localhost", "1.2.3", "", "::g"])
    func noAddress(text: String) {
        let error = #expect(throws: SSHServerError.self) {
            try SSHServer.checkPort(addresses: [text], port: 0, setting: "ssh.address")
        }
        #expect(error?.description == "ssh.address: expected IPv4 or IPv6 addresses, \"\(text)\" is none")
    }

    @Test(
        "algorithms that libssh does not know are an error that names the list",
        arguments: ["ssh.key-exchange", "ssh.ciphers", "ssh.macs", "ssh.host-key-algorithms"])
    func algorithms(list: String) {
        var algorithms = SSHServerConfiguration.Algorithms.forTests
        switch list {
        case "ssh.key-exchange": algorithms.keyExchange = ["rot13"]
        case "ssh.ciphers": algorithms.ciphers = ["rot13"]
        case "ssh.macs": algorithms.macs = ["rot13"]
        default: algorithms.hostKey = ["rot13"]
        }
        let error = #expect(throws: SSHServerError.self) { try SSHServer.checkAlgorithms(algorithms) }
        #expect(error?.description.hasPrefix("\(list): ") == true)
        #expect(error?.description.contains("rot13") == true)
        #expect(throws: Never.self) { try SSHServer.checkAlgorithms(.forTests) }
    }
}
