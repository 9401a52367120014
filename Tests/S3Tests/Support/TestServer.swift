import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import ObjectStorage
import TestSupport

@testable import S3

/// The real S3 servers that the tests share, each started when it is first asked for.
enum TestServer: String, CaseIterable, Sendable {
    case seaweedFS
    case moto

    // A constant of a type is made when it is first used, so each server starts only for those who need it.
    private static let startedSeaweedFS = Task {
        let script = """
            . '\(TestTools.root)/scripts/lib/s3-server.sh'
            start_s3 "$1/s3" "$2" && echo ready && read -r _
            stop_s3
            rm -rf -- "$1"
            """
        return try ServerProcess("weed", script: script)
    }
    private static let startedMoto = Task {
        // Its own minimum would make every test of parts move megabytes.
        let script = """
            S3_UPLOAD_PART_MIN_SIZE=1 moto_server -H 127.0.0.1 -p "$2" >"$1/log" 2>&1 </dev/null &
            for try in $(seq 300); do
                curl -s -o /dev/null "http://127.0.0.1:$2/" && break
                kill -0 $! 2>/dev/null || exit 1
                sleep 0.1
            done
            echo ready && read -r _
            # Threads of Swift block the gentler signals, and their children inherit that.
            kill -KILL $!
            rm -rf -- "$1"
            """
        return try ServerProcess("moto_server", script: script)
    }

    /// Keys that may do everything.
    static let keys = S3Credentials(accessKey: "cikey", secretKey: "cisecretcisecret")
    /// Keys that may only read and list.
    static let readOnlyKeys = S3Credentials(accessKey: "rokey", secretKey: "rosecretrosecret")

    /// Where it answers.
    func endpoint() async throws -> String { "http://127.0.0.1:\(try await port())" }

    /// The port it listens on.
    func port() async throws -> Int {
        switch self {
        case .seaweedFS: try await Self.startedSeaweedFS.value.port
        case .moto: try await Self.startedMoto.value.port
        }
    }

    /// Runs a test with a store whose bucket exists.
    ///
    /// - Parameters:
    ///   - bucket: One name per suite keeps suites apart.
    ///   - prefix: For all keys.
    ///   - port: Of a proxy before the server; the server's own when nil.
    ///   - credentials: Who asks.
    ///   - limits: Short ones for tests of faults.
    ///   - body: The test.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws, or ``MissingTool``.
    func withStore<Success>(
        bucket: String, prefix: String = "", through port: Int? = nil,
        credentials: any CredentialsProvider = StaticCredentials(keys), limits: S3Limits = S3Limits(),
        _ body: (S3ObjectStore) async throws -> Success
    ) async throws -> Success {
        try await Self.createBucket(bucket, at: endpoint())
        var address = try await endpoint()
        if let port { address = "http://127.0.0.1:\(port)" }
        let configuration = try S3Configuration(bucket: bucket, endpoint: address, prefix: prefix, limits: limits)
        return try await Self.withStore(configuration, credentials, body)
    }

    /// Runs a test with a store of any settings.
    static func withStore<Success>(
        _ configuration: S3Configuration, _ credentials: any CredentialsProvider = StaticCredentials(keys),
        _ body: (S3ObjectStore) async throws -> Success
    ) async throws -> Success {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let store = S3ObjectStore(
            configuration: configuration, credentials: credentials, connections: try S3Connections(configuration),
            logger: logger)
        do {
            let value = try await body(store)
            await store.shutdown()
            return value
        } catch {
            await store.shutdown()
            throw error
        }
    }

    private static func createBucket(_ bucket: String, at endpoint: String) async throws {
        let configuration = try S3Configuration(bucket: bucket, endpoint: endpoint)
        try await withStore(configuration) { store in
            do {
                // A put without a key makes the bucket.
                try await store.client.send(S3Request(.putObject, nil)) { response in try await response.drain() }
            } catch let failure as S3Failure where failure.answer?.status == 409 {
                // It is there already.
            }
        }
    }
}
