import AsyncHTTPClient
import ObjectStorage
import TestSupport
import Testing

@testable import S3

@Suite("TLS", .serialized, .timeLimit(.minutes(5)))
struct TLSTests {
    @Test("with the CA file of its authority a server is trusted: small objects, and parts, go there and back")
    func trusted() async throws {
        try await TLSServer().withStore(trusting: .authority) { store in
            let key = try ObjectKey("faults/secure")
            for size in [3, (8 << 20) + 7] {
                let content = FaultScope.pattern(size)
                try await store.put(key, bytes: content)
                #expect(try await store.getAll(key, limit: size) == content)
            }
            #expect(try await store.presign(.get, key, for: .seconds(60)).hasPrefix("https://localhost:"))
            try await store.delete([key])
            #expect(try await store.head(key) == nil)
        }
    }

    @Test(
        "a server of another authority, or of another name, is refused at once, in words that name the setting",
        arguments: [(.stranger, "localhost"), (.none, "localhost"), (.authority, "127.0.0.1")]
            as [(TLSServer.Authority, String)])
    func refused(authority: TLSServer.Authority, host: String) async throws {
        try await TLSServer().withStore(trusting: authority, host: host) { store in
            let key = try ObjectKey("faults/secure")
            for _ in 0..<2 {
                let error = await #expect(throws: ObjectStoreError.self) { try await store.put(key, bytes: [1]) }
                let detail = error?.detail ?? ""
                #expect(error?.kind == .unreachable)
                #expect(detail.contains("no trustworthy connection"), "\(detail)")
                #expect(detail.contains("s3.ca-file"), "\(detail)")
                // Trying again would not help.
                #expect(!detail.contains("tried"), "\(detail)")
            }
        }
    }

    @Test("a CA file that is of no use is told before anything is sent", arguments: [nil, "", "no certificate\n"])
    func badFile(content: String?) throws {
        let directory = try TemporaryDirectory()
        if let content { try directory.write(content, to: "ca.pem") }
        let configuration = try S3Configuration(bucket: "logs", caFile: directory("ca.pem"))
        let error = try #require(throws: S3ConfigurationError.self) { try configuration.checkCAFile() }
        #expect("\(error)".contains("the CA file \(directory("ca.pem")) is of no use: it "))
        #expect(throws: error) { try S3Connections(configuration) }
    }
}
