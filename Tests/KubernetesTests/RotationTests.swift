import NIOSSL
import Synchronization
import TestSupport
import Testing

@testable import Kubernetes

@Suite("Authorities and certificates that are replaced while a client lives", .timeLimit(.minutes(5)))
struct RotationTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        // Each is an authority and a server's certificate in one.
        for name in ["one", "two"] {
            let result = try Tool.run(
                [
                    "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-subj", "/CN=\(name)", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2",
                    "-keyout", "\(name).key", "-out", "\(name).crt",
                ], in: directory.path)
            try #require(result.status == 0, "\(result.errors)")
        }
    }

    /// A server that shows the certificate which tests choose, over a new connection each time.
    private func with(
        accepting isAccepted: @escaping @Sendable (NIOSSLCertificate?) -> Bool = { _ in true },
        _ body: (FakeServer, _ show: @Sendable (String) -> Void) async throws -> Void
    ) async throws {
        let shown = Mutex("one")
        let directory = directory
        let clients = try ["one", "two"].flatMap { try NIOSSLCertificate.fromPEMFile(directory("\($0).crt")) }
        let server = try await FakeServer {
            let name = shown.withLock { $0 }
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(directory("\(name).crt")).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: directory("\(name).key"), format: .pem)))
            configuration.certificateVerification = .optionalVerification
            configuration.trustRoots = .certificates(clients)
            return configuration
        } _: { _, response in
            let isAccepted = isAccepted(try await response.clientCertificate())
            try await response.answer(isAccepted ? 200 : 401, "ok", [("connection", "close")])
        }
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(server) { name in shown.withLock { $0 = name } })
        } catch {
            result = .failure(error)
        }
        await server.stop()
        try result.get()
    }

    private func copy(_ name: String, to file: String) throws {
        try directory.write(try directory.read(name), to: file)
    }

    /// Where a pod of a cluster finds its service account.
    private func account(_ server: FakeServer) throws -> KubernetesConfiguration {
        try directory.write("token", to: "token")
        try copy("one.crt", to: "ca.crt")
        return try .inCluster(
            environment: ["KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": "\(server.port)"],
            directory: directory.path)
    }

    private func isTrusted(_ client: KubernetesClient) async throws -> Bool {
        do {
            try await client.isReady()
            return true
        } catch let error as KubernetesError {
            #expect(error.kind == .notTrusted && !error.leavesDoubt, "\(error)")
            return false
        }
    }

    @Test("a new authority of the cluster is taken from the service account as soon as the server shows it")
    func rotation() async throws {
        try await with { server, show in
            try await TestClient.with(try account(server)) { client in
                #expect(try await isTrusted(client))
                show("two")
                #expect(try await !isTrusted(client))
                // As while kubelet replaces it.
                try directory.write("", to: "ca.crt")
                #expect(try await !isTrusted(client))
                try copy("two.crt", to: "ca.crt")
                #expect(try await isTrusted(client))
                #expect(try await isTrusted(client))
            }
        }
    }

    @Test("an authority that is taken out is not trusted any more, once its file is looked at")
    func removal() async throws {
        try await with { server, _ in
            var limits = TestClient.limits
            limits.tlsAge = .zero
            try await TestClient.with(try account(server), limits: limits) { client in
                #expect(try await isTrusted(client))
                try copy("two.crt", to: "ca.crt")
                #expect(try await !isTrusted(client))
                try copy("one.crt", to: "ca.crt")
                // A file that is gone for a moment takes nothing away.
                #expect(try await isTrusted(client))
                try directory.write("nothing", to: "ca.crt")
                #expect(try await isTrusted(client))
            }
        }
    }

    @Test("a caller that is cancelled does not take away what the files have now")
    func cancelledLook() async throws {
        try copy("one.crt", to: "ca.crt")
        let bytes = Array(try directory.read("ca.crt").utf8)
        let first = TLSIdentity(
            trust: ServerTrust(
                authorities: try NIOSSLCertificate.fromPEMBytes(bytes), file: directory("ca.crt"), isBlind: false,
                serverName: nil))
        var limits = TestClient.limits
        limits.tlsAge = .seconds(3600)
        let keeper = TLSKeeper(first, limits: limits)
        try copy("two.crt", to: "ca.crt")
        let caller = Task {
            // As a request that ends together with its push.
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return await keeper.replacement(of: first)
        }
        _ = await caller.value
        try await eventually("what the files have is used") { await keeper.identity() != first }
    }

    @Test("a client's certificate that was renewed is taken from its files when the old one is refused")
    func clientCertificate() async throws {
        let accepted = Mutex(try NIOSSLCertificate.fromPEMFile(directory("one.crt")))
        try await with { certificate in
            accepted.withLock { $0 == [certificate].compactMap(\.self) }
        } _: { server, _ in
            try copy("one.crt", to: "client.crt")
            try copy("one.key", to: "client.key")
            let configuration = try TestClient.configuration(
                "https://127.0.0.1:\(server.port)", cluster: ["certificate-authority: \(directory("one.crt"))"],
                user: ["client-certificate: \(directory("client.crt"))", "client-key: \(directory("client.key"))"])
            try await TestClient.with(configuration) { client in
                try await client.isReady()
                let next = try NIOSSLCertificate.fromPEMFile(directory("two.crt"))
                accepted.withLock { $0 = next }
                try copy("two.crt", to: "client.crt")
                // A certificate whose key has not come yet is not shown.
                let error = await #expect(throws: KubernetesError.self) { try await client.isReady() }
                #expect(error?.kind == .unauthorized)
                try copy("two.key", to: "client.key")
                try await client.isReady()
            }
        }
    }
}
