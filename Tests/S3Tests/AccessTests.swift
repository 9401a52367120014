import Foundation
import ObjectStorage
import Synchronization
import TestSupport
import Testing

@testable import S3

@Suite("Who may do what", .serialized, .timeLimit(.minutes(10)))
struct AccessTests {
    /// Gives keys that the server does not know from some request on, until they are refused.
    private final class Rotating: CredentialsProvider {
        private let state = Mutex((asked: 0, refused: 0))
        let goodFor: Int

        init(goodFor: Int) { self.goodFor = goodFor }

        var refusals: Int { state.withLock { $0.refused } }

        func credentials() async throws -> S3Credentials {
            let isGood = state.withLock { state in
                state.asked += 1
                return state.refused > 0 || state.asked <= goodFor
            }
            return isGood ? TestServer.keys : S3Credentials(accessKey: "expired", secretKey: "none")
        }

        func refused(_ credentials: S3Credentials) async {
            state.withLock { state in state.refused += 1 }
        }
    }

    @Test("credentials that end in the middle of an upload are replaced, and it goes on", arguments: [0, 1, 2, 3, 4])
    func expiring(goodFor count: Int) async throws {
        let provider = Rotating(goodFor: count)
        let content = FaultScope.pattern((10 << 20) + 1)
        try await FaultScope.run(credentials: provider, faults: { _, _ in .none }) { scope, key in
            try await scope.store.put(key, bytes: content)
            #expect(provider.refusals > 0)
            #expect(try await scope.store.getAll(key, limit: content.count) == content)
        }
    }

    @Test("keys that stay wrong are told apart from a server that is down, without a storm of requests")
    func wrongKeys() async throws {
        let wrong = [
            S3Credentials(accessKey: "cikey", secretKey: "wrong"), S3Credentials(accessKey: "nobody", secretKey: "x"),
        ]
        for (keys, code) in zip(wrong, ["SignatureDoesNotMatch", "InvalidAccessKeyId"]) {
            let provider = StaticCredentials(keys)
            try await FaultScope.run(credentials: provider, faults: { _, _ in .none }) { scope, key in
                await FaultScope.expect(.notAllowed, detail: [code]) { try await scope.store.put(key, bytes: [1]) }
                await FaultScope.expect(.notAllowed, detail: [code]) { _ = try await scope.store.head(key) }
                await FaultScope.expect(.notAllowed, detail: [code]) { _ = try await scope.store.get(key, range: nil) }
                await FaultScope.expect(.notAllowed, detail: [code]) { try await scope.store.delete([key]) }
                #expect(scope.proxy.requests.count == 5)
            }
        }
    }

    @Test("keys that may only read cannot put, and the error says which permission is missing")
    func readOnly() async throws {
        let provider = StaticCredentials(TestServer.readOnlyKeys)
        try await FaultScope.plain { plain in
            try await FaultScope.run(credentials: provider, faults: { _, _ in .none }) { scope, key in
                try await plain.put(key, bytes: [1])
                #expect(try await scope.store.getAll(key, limit: 1) == [1])
                await FaultScope.expect(.notAllowed, detail: ["AccessDenied", "s3:PutObject"]) {
                    try await scope.store.put(key, bytes: [2])
                }
                await FaultScope.expect(.notAllowed, detail: ["s3:DeleteObject"]) {
                    try await scope.store.delete([key])
                }
            }
        }
    }

    @Test("a bucket that does not exist has its own kind, on both servers")
    func noBucket() async throws {
        let words = ["bucket no-such-bucket", "NoSuchBucket"]
        for server in TestServer.allCases {
            // With keys that may create buckets SeaweedFS creates it.
            let keys = server == .seaweedFS ? TestServer.readOnlyKeys : TestServer.keys
            let configuration = try S3Configuration(bucket: "no-such-bucket", endpoint: try await server.endpoint())
            try await TestServer.withStore(configuration, StaticCredentials(keys)) { store in
                let key = try ObjectKey("a")
                await FaultScope.expect(.noSuchBucket, detail: words) { for try await _ in store.list(prefix: "") {} }
                await FaultScope.expect(.noSuchBucket, detail: words) { _ = try await store.get(key, range: nil) }
                if server == .moto {
                    await FaultScope.expect(.noSuchBucket, detail: words) { try await store.put(key, bytes: [1]) }
                }
            }
        }
    }

    @Test("clocks that differ are noticed, and requests signed with the server's time", arguments: [-7200, 7200])
    func clockSkew(seconds: Int64) async throws {
        try await FaultScope.run(faults: { _, _ in .none }) { scope, key in
            // As if this machine's clock were wrong by that much.
            _ = scope.store.client.clock.learn(UnixTime.now() + seconds)
            try await scope.store.put(key, bytes: [1, 2, 3])
            #expect(try await scope.store.getAll(key, limit: 3) == [1, 2, 3])
            #expect(abs(scope.store.client.clock.now() - UnixTime.now()) < 60)
        }
    }

    @Test("a clock that cannot be corrected has its own kind")
    func badClock() async throws {
        let body = "<Error><Code>RequestTimeTooSkewed</Code><Message>far</Message></Error>"
        let answer = "HTTP/1.1 403 Forbidden\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
        try await FaultScope.run(faults: { _, _ in .answer(answer) }) { scope, key in
            await FaultScope.expect(.clockSkew, detail: ["RequestTimeTooSkewed", "clock"]) {
                try await scope.store.put(key, bytes: [1])
            }
        }
    }

    @Test("presigned URLs read and write for who has no keys, until they end")
    func presigned() async throws {
        try await FaultScope.plain { store in
            let key = try ObjectKey("faults/presigned a+b=c".replacing(" ", with: "_"))
            let write = try await store.presign(.put, key, for: .seconds(60))
            let put = try Tool.run(["curl", "-s", "-f", "-X", "PUT", "--data-binary", "hello", write])
            #expect(put.status == 0)
            let read = try await store.presign(.get, key, for: .seconds(60))
            #expect(try Tool.run(["curl", "-s", "-f", read]).text == "hello")
            #expect(try Tool.run(["curl", "-s", "-f", "-X", "PUT", "--data-binary", "x", read]).status == 22)
            #expect(try Tool.run(["curl", "-s", "-f", read.replacing("b%3Dc", with: "b%3Dd")]).status == 22)
            let old = store.configuration.endpoint.presigned(
                "GET", store.configuration.name(of: key), region: "us-east-1", TestServer.keys,
                at: UnixTime.now() + -120, lifetime: 60)
            #expect(try Tool.run(["curl", "-s", "-f", old]).status == 22)
            try await store.delete([key])
        }
    }
}
