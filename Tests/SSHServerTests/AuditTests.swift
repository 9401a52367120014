import FoundationEssentials
import Testing

@testable import SSHServer

@Suite("Algorithms", .timeLimit(.minutes(10))) struct AuditTests {
    private struct Report: Decodable {
        struct Algorithm: Decodable {
            struct Notes: Decodable {
                let fail: [String]?
                let warn: [String]?
            }

            let algorithm: String
            let notes: Notes
        }

        let kex: [Algorithm]
        let key: [Algorithm]
        let enc: [Algorithm]
        let mac: [Algorithm]
    }

    @Test("ssh-audit finds nothing to fail, and offers are what was configured")
    func audit() async throws {
        try await TestServer.run { server in
            guard
                let result = try? await Tool.run("ssh-audit", ["-jj", "-t", "60", "-p", "\(server.port)", "127.0.0.1"])
            else {
                Issue.record("ssh-audit is missing: pip install ssh-audit==3.9.0, and put it on PATH")
                return
            }
            let report = try JSONDecoder().decode(Report.self, from: Data(result.output))
            let failed = (report.kex + report.key + report.enc + report.mac).filter { $0.notes.fail?.isEmpty == false }
            #expect(failed.map(\.algorithm).isEmpty)
            let algorithms = SSHServerConfiguration.Algorithms.forTests
            // Markers of extensions, not algorithms (RFC 8308, OpenSSH's strict key exchange).
            let offered = report.kex.map(\.algorithm).filter {
                !$0.hasPrefix("kex-strict") && !$0.hasPrefix("ext-info")
            }
            #expect(offered == algorithms.keyExchange)
            #expect(report.enc.map(\.algorithm) == algorithms.ciphers)
            #expect(report.mac.map(\.algorithm) == algorithms.macs)
            #expect(report.key.map(\.algorithm) == algorithms.hostKey)
        }
    }
}
