import ObjectStorage
import Testing

@testable import S3

/// A store that reaches the real server through a proxy with faults.
struct FaultScope: Sendable {
    let store: S3ObjectStore
    let proxy: FaultProxy

    /// Limits that make tests short.
    static var limits: S3Limits {
        var limits = S3Limits()
        limits.firstDelay = .milliseconds(2)
        limits.idleTime = .seconds(15)
        for kind in [\S3Limits.small, \.large, \.completion] { limits[keyPath: kind].attemptTime = .seconds(60) }
        limits.effectTime = .milliseconds(300)
        // The smallest that S3 takes.
        limits.partSize = 5 << 20
        return limits
    }

    /// Runs a test.
    ///
    /// - Parameters:
    ///   - server: Behind the proxy.
    ///   - limits: Of the store.
    ///   - credentials: Who asks.
    ///   - plan: The faults.
    ///   - body: The test; gets the faulty store, and a key of its own.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws, or ``MissingTool``.
    static func run<Success>(
        _ server: TestServer = .seaweedFS, limits: S3Limits = limits,
        credentials: any CredentialsProvider = StaticCredentials(TestServer.keys),
        faults plan: @escaping FaultProxy.Plan,
        _ body: (FaultScope, ObjectKey) async throws -> Success
    ) async throws -> Success {
        let proxy = try FaultProxy(to: try await server.port(), plan)
        let key = try ObjectKey("faults/\(UInt64.random(in: 0 ... .max))")
        return try await server.withStore(
            bucket: "faults", through: proxy.port, credentials: credentials, limits: limits
        ) { store in try await body(FaultScope(store: store, proxy: proxy), key) }
    }

    /// Runs a test with a store that has no proxy, to look what is really there.
    static func plain<Success>(
        _ server: TestServer = .seaweedFS, _ body: (S3ObjectStore) async throws -> Success
    ) async throws -> Success {
        try await server.withStore(bucket: "faults") { store in try await body(store) }
    }

    /// Expects an error of a kind whose words are fit for users, and whose detail is fit for operators.
    static func expect(
        _ kind: ObjectStoreError.Kind, detail words: [String] = [], sourceLocation: SourceLocation = #_sourceLocation,
        _ work: () async throws -> Void
    ) async {
        do {
            try await work()
            Issue.record("expected an error of kind \(kind)", sourceLocation: sourceLocation)
        } catch let error as ObjectStoreError {
            let detail = error.detail ?? ""
            #expect(error.kind == kind, "\(error) \(detail)", sourceLocation: sourceLocation)
            for secret in ["127.0.0.1", "secret", "Authorization", "Signature="] {
                #expect(!error.description.contains(secret), sourceLocation: sourceLocation)
            }
            #expect(!detail.contains(TestServer.keys.secretKey), sourceLocation: sourceLocation)
            for word in ["bucket "] + words {
                #expect(detail.contains(word), "\(detail)", sourceLocation: sourceLocation)
            }
        } catch {
            Issue.record("expected kind \(kind), not \(error)", sourceLocation: sourceLocation)
        }
    }

    static func pattern(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) } }
}
