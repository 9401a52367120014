import Foundation
import Glibc
import Synchronization
import TestSupport

@testable import Kubernetes

/// A second API server on the test bed's etcd, which a test stops, halts and starts as it likes.
///
/// It ends with this process: its shell waits for the end of its input.
final class OwnAPIServer: Sendable {
    private struct Running {
        let process: Process
        let input: Pipe
        let pid: Int32
    }

    /// Where the test bed has its programs and its state.
    private static let bed: String = {
        let environment = ProcessInfo.processInfo.environment
        let cache = environment["XDG_CACHE_HOME"] ?? "\(environment["HOME"] ?? "")/.cache"
        return environment["TESTBED_HOME"] ?? "\(cache)/slipway-testbed"
    }()

    /// False only if `KUBECONFIG` names another cluster than the test bed: its server cannot be stopped.
    static var isPossible: Bool {
        let path = ProcessInfo.processInfo.environment["KUBECONFIG"] ?? ""
        return path.isEmpty || path.hasPrefix(bed)
    }

    private static let script = """
        exec 2>/dev/null; "$@" >&2 & echo $!; read -r _; kill -CONT $!; kill -KILL $!; wait
        """

    let port: Int
    private let running = Mutex<Running?>(nil)

    /// Starts a server and waits for it.
    init() async throws {
        _ = try TestCluster.configuration()
        port = Int.random(in: 20_000..<32_000)
        try await start()
    }

    deinit { kill() }

    func configuration() throws -> KubernetesConfiguration {
        try TestCluster.configuration(
            Login(source: .token("ci-admin-token")), server: "https://127.0.0.1:\(port)")
    }

    func start() async throws {
        let pki = "\(Self.bed)/run/pki"
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = [
            "-c", Self.script, "server", "\(Self.bed)/bin/kube-apiserver", "--etcd-servers=http://127.0.0.1:12379",
            "--bind-address=127.0.0.1", "--advertise-address=10.99.0.1", "--secure-port=\(port)", "--insecure-port=0",
            "--tls-cert-file=\(pki)/apiserver.crt", "--tls-private-key-file=\(pki)/apiserver.key",
            "--client-ca-file=\(pki)/ca.crt", "--token-auth-file=\(pki)/tokens.csv", "--authorization-mode=Node,RBAC",
            "--service-account-issuer=https://kubernetes.default.svc",
            "--service-account-signing-key-file=\(pki)/service-accounts.key",
            "--service-account-key-file=\(pki)/service-accounts.pub",
            "--kubelet-client-certificate=\(pki)/admin.crt", "--kubelet-client-key=\(pki)/admin.key",
            "--kubelet-certificate-authority=\(pki)/ca.crt", "--kubelet-preferred-address-types=InternalIP",
            "--service-cluster-ip-range=10.96.0.0/24", "--endpoint-reconciler-type=none", "--allow-privileged=true",
        ]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let pid = Int32(line.prefix { $0.isNumber }) else {
            throw MissingCluster(reason: "no API server of our own")
        }
        running.withLock { $0 = Running(process: process, input: input, pid: pid) }
        try await TestClient.with(configuration()) { client in
            try await eventually("the API server is ready", within: .seconds(120)) {
                (try? await client.isReady()) != nil
            }
        }
    }

    /// Ends it as a crash does.
    func kill() {
        guard let running = running.withLock({ $0.take() }) else { return }
        // A line, for others that were started meanwhile may have the pipe open too.
        try? running.input.fileHandleForWriting.write(contentsOf: Data("\n".utf8))
        try? running.input.fileHandleForWriting.close()
        running.process.waitUntilExit()
    }

    /// Halts it without a word: its connections stay.
    func halt() { signal(SIGSTOP) }

    func resume() { signal(SIGCONT) }

    private func signal(_ number: Int32) {
        if let pid = running.withLock({ $0?.pid }) { _ = Glibc.kill(pid, number) }
    }
}
