import Foundation
import NIOHTTP1
import Synchronization
import TestSupport
import Testing

@testable import Kubernetes

@Suite("Credentials", .timeLimit(.minutes(5)))
struct CredentialTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// A server that accepts one token, which tests replace.
    private func with(
        _ source: Login.Source, limits: KubernetesLimits = TestClient.limits,
        _ body: (KubernetesClient, _ accept: @Sendable (String) -> Void, FakeServer) async throws -> Void
    ) async throws {
        let accepted = Mutex("one")
        let server = try await FakeServer { request, response in
            let token = accepted.withLock { $0 }
            guard request.headers.first(name: "authorization") == "Bearer \(token)" else {
                return try await response.fail(401, "Unauthorized", "Unauthorized")
            }
            try await response.answer(200, "ok")
        }
        let plain = try TestClient.configuration(server.url)
        let configuration = KubernetesConfiguration(
            server: plain.server, namespace: "n", origin: "test", trust: plain.trust, login: Login(source: source))
        try await TestClient.with(configuration, limits: limits) { client in
            try await body(client, { token in accepted.withLock { $0 = token } }, server)
        }
        await server.stop()
    }

    @Test("a token file that is replaced is read again when its token is refused, and the request tried again")
    func rotation() async throws {
        try directory.write("one\n", to: "token")
        try await with(.tokenFile(directory("token"))) { client, accept, server in
            try await client.isReady()
            accept("two")
            try directory.write("two\n", to: "token")
            try await client.isReady()
            #expect(server.requests.count == 3)
            // Refused although it is the newest: once is enough.
            accept("three")
            await expect(.unauthorized) { try await client.isReady() }
            #expect(server.requests.count == 4)
        }
    }

    @Test("a token file is read again after its time, without a refusal")
    func age() async throws {
        var limits = TestClient.limits
        limits.tokenAge = .milliseconds(1)
        try directory.write("one", to: "token")
        try await with(.tokenFile(directory("token")), limits: limits) { client, accept, server in
            try await client.isReady()
            accept("two")
            try directory.write("two", to: "token")
            try await Task.sleep(for: .milliseconds(5))
            try await client.isReady()
            #expect(server.requests.count == 2)
            // One that goes away for a moment is used further.
            try directory.write("", to: "token")
            try await Task.sleep(for: .milliseconds(5))
            try await client.isReady()
        }
    }

    @Test("a token file that is not there is told, with its path")
    func absent() async throws {
        try await with(.tokenFile(directory("token"))) { client, _, server in
            await expect(.credentials, detail: directory("token")) { try await client.isReady() }
            #expect(server.requests.isEmpty)
        }
    }

    private func plugin(
        _ script: String, version: String = "v1", lines: [String] = [], environment: [String: String] = [:]
    ) throws -> Login.Source {
        // Written by a process of its own: this one's others may be in the middle of starting a child, which holds what is open for
        // writing for a moment more, and such a file cannot be run.
        let write = ["sh", "-c", "cat >plugin && chmod 755 plugin"]
        _ = try Tool.run(write, input: Array("#!/bin/bash\n\(script)\n".utf8), in: directory.path)
        let text =
            [
                "current-context: c", "clusters: [{name: k, cluster: {server: 'https://h:1'}}]",
                "contexts: [{name: c, context: {cluster: k, user: u}}]", "users:", "- name: u", "  user:", "    exec:",
                "      apiVersion: client.authentication.k8s.io/\(version)", "      command: ./plugin",
            ] + lines.map { "      \($0)" }
        try directory.write(text.joined(separator: "\n"), to: "config")
        let path = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
        return try KubernetesConfiguration.kubeconfig([directory("config")], context: nil, environment: path).login
            .source
    }

    private static func credential(_ status: String, version: String = "v1") -> String {
        #"{"apiVersion":"client.authentication.k8s.io/\#(version)","kind":"ExecCredential","status":{\#(status)}}"#
    }

    @Test(
        "a plugin gets its arguments, its environment and what it may know of the cluster",
        arguments: ["v1", "v1beta1"])
    func environment(version: String) async throws {
        let source = try plugin(
            """
            echo "$1|$2|$INHERITED|$OWN|$KUBERNETES_EXEC_INFO" > '\(directory("seen"))'
            echo '\(Self.credential(#""token":"one""#, version: version))'
            """, version: version,
            lines: ["args: ['a b', '']", "env: [{name: OWN, value: o}]", "provideClusterInfo: true"],
            environment: ["INHERITED": "i"])
        try await with(source) { client, _, _ in try await client.isReady() }
        let seen = try directory.read("seen").split(separator: "|", omittingEmptySubsequences: false)
        #expect(seen[0..<4] == ["a b", "", "i", "o"])
        let info = try JSON.parse(Array(seen[4].utf8), maximumSize: 10_000)
        #expect(info["kind"] == "ExecCredential" && info["apiVersion"]?.string?.hasSuffix(version) == true)
        #expect(info["spec"] == ["interactive": false, "cluster": ["server": "https://h:1"]])
    }

    @Test("a plugin runs once for all who wait, and again when its token expires or is refused")
    func expiry() async throws {
        let source = try plugin(
            """
            echo run >> '\(directory("runs"))'
            echo '\(Self.credential(#""token":"'$(cat '\#(directory("now"))')'","expirationTimestamp":"'$(cat '\#(directory("until"))')'""#))'
            """)
        func runs() throws -> Int { try directory.read("runs").split(separator: "\n").count }
        try directory.write("one", to: "now")
        try directory.write("2999-01-01T00:00:00Z", to: "until")
        try await with(source) { client, accept, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 { group.addTask { try await client.isReady() } }
                try await group.waitForAll()
            }
            #expect(try runs() == 1)
            accept("two")
            try directory.write("two", to: "now")
            try directory.write("2001-01-01T00:00:00Z", to: "until")
            try await client.isReady()
            let before = try runs()
            try await client.isReady()
            let after = try runs()
            #expect(before == 2 && after == 3)
        }
    }

    @Test(
        "a plugin that fails is told with its own words and no secret",
        arguments: [
            ("echo 'log in first: run cloud login' >&2; exit 3", "log in first: run cloud login"),
            ("echo no; exit 0", "no ExecCredential"),
            ("echo '{}'", "kind is missing"),
            ("echo '\(credential(#""token":"""#))'", "neither a token nor a certificate"),
            ("echo '\(credential(#""token":"one""#, version: "v1beta1"))'", "something else"),
            ("echo '\(credential(#""clientKeyData":"s3cret""#))'", "without"),
            ("echo '\(credential(#""clientKeyData":"s3cret","clientCertificateData":"s3cret""#))'", "not PEM"),
            ("echo '\(credential(#""token":"one","expirationTimestamp":"soon""#))'", "RFC 3339"),
            (
                "echo eyJhbGciOiJSUzI1NiIsImtpZCI6IlNlY3JldDEyMyJ9.eyJzdWIiOiJhZG1pbiJ9.c2lnbmF0dXJl >&2; exit 1",
                "failed"
            ),
            ("sleep 600 & sleep 600", "did not end"),
            ("yes s3cret", "does not run"),
        ])
    func failing(script: String, reason: String) async throws {
        var limits = TestClient.limits
        limits.pluginTime = .seconds(2)
        limits.checkTime = .seconds(20)
        try await with(try plugin(script), limits: limits) { client, _, _ in
            await expect(.credentials, detail: reason) { try await client.isReady() }
        }
    }

    @Test("who is cancelled does not wait for a plugin, and others still get its token")
    func cancelled() async throws {
        let source = try plugin(
            """
            echo run >> '\(directory("runs"))'; while [ ! -e '\(directory("go"))' ]; do sleep 0.05; done
            echo '\(Self.credential(#""token":"one""#))'
            """)
        var limits = TestClient.limits
        limits.pluginTime = .seconds(60)
        limits.checkTime = .seconds(60)
        try await with(source, limits: limits) { client, _, _ in
            let (first, second) = (Task { try await client.isReady() }, Task { try await client.isReady() })
            try await eventually("the plugin runs") { (try? directory.read("runs")) != nil }
            first.cancel()
            await #expect(throws: CancellationError.self) { try await first.value }
            try directory.write("", to: "go")
            try await second.value
            let runs = try directory.read("runs")
            #expect(runs == "run\n")
        }
    }

    @Test("a plugin that is not installed is told with its hint")
    func notInstalled() async throws {
        let source = try plugin("", lines: ["installHint: get it from the shop"])
        try FileManager.default.removeItem(atPath: directory("plugin"))
        try await with(source) { client, _, _ in
            await expect(.credentials, detail: "get it from the shop") { try await client.isReady() }
        }
    }

    private func expect(
        _ kind: KubernetesError.Kind, detail: String = "", _ body: () async throws -> Void
    ) async {
        do {
            try await body()
            Issue.record("nothing was thrown instead of \(kind)")
        } catch let error as KubernetesError {
            #expect(error.kind == kind, "\(error)")
            #expect("\(error)".contains(detail) || detail.isEmpty, "\(error)")
            #expect(!"\(error)".contains("s3cret") && !"\(error)".contains("NlY3JldDEyMyJ9"), "\(error)")
        } catch {
            Issue.record("\(error)")
        }
    }
}
