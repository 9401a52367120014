import Foundation
import TestSupport
import Testing

@testable import Kubernetes

@Suite("Kubeconfigs")
struct KubeconfigTests {
    private let directory: TemporaryDirectory
    private let pki: TestPKI

    init() throws {
        directory = try TemporaryDirectory()
        pki = try TestPKI(in: directory)
    }

    private func read(_ text: String, context: String? = nil) throws -> KubernetesConfiguration {
        try directory.write(text, to: "config")
        return try .kubeconfig([directory("config")], context: context, environment: ["A": "b"])
    }

    /// The text of the error, which is no more than one line and holds nothing secret.
    private func problem(_ text: String, context: String? = nil) -> String {
        do {
            _ = try read(text, context: context)
            return "none"
        } catch {
            let words = "\(error)"
            #expect(!words.contains("s3cret") && !words.contains("\n"))
            return words
        }
    }

    private static func config(cluster: String = "server: https://h:1", user: String = "token: s3cret") -> String {
        """
        current-context: c
        clusters: [{name: k, cluster: {\(cluster)}}]
        users: [{name: u, user: {\(user)}}]
        contexts: [{name: c, context: {cluster: k, user: u}}]
        """
    }

    @Test("what kubectl writes is read: block style, data in base64")
    func kubectl() throws {
        let file = directory("written")
        func config(_ arguments: String...) throws {
            let result = try Tool.run(["kubectl", "--kubeconfig", file, "config"] + arguments)
            #expect(result.status == 0, "\(result.errors)")
        }
        try config(
            "set-cluster", "k", "--server=https://[::1]:6443/", "--certificate-authority=\(pki.authority)",
            "--embed-certs")
        try config(
            "set-credentials", "u", "--client-certificate=\(pki.certificate)", "--client-key=\(pki.key)",
            "--embed-certs")
        try config("set-context", "c", "--cluster=k", "--user=u", "--namespace=builds")
        try config("use-context", "c")
        let found = try KubernetesConfiguration.kubeconfig([file], context: nil)
        #expect(found.server == "https://[::1]:6443" && found.namespace == "builds")
        #expect(found.trust.authorities?.count == 1 && found.login.certificate != nil)
        // The same as JSON, spread and in one line.
        let spread = try Tool.run(["kubectl", "--kubeconfig", file, "config", "view", "--raw", "-o", "json"]).text
        #expect(try read(spread).login.certificate == found.login.certificate)
        let line = try JSON.parse(Array(spread.utf8), maximumSize: 1 << 20).encoded()
        #expect(try read(String(decoding: line, as: UTF8.self)).login.certificate == found.login.certificate)
    }

    @Test("several files are merged: the first that has a name wins, and so does the first current context")
    func merging() throws {
        try directory.write(
            """
            apiVersion: v1
            current-context: one
            clusters:
            - {name: a, cluster: {server: "https://first:1"}}
            contexts:
            - name: one
              context: {cluster: a, user: shared, namespace: x}
            """, to: "1")
        try directory.write(
            """
            current-context: two
            clusters: [{name: a, cluster: {server: "https://second:1"}}, {name: b, cluster: {server: "https://b:1"}}]
            contexts: [{name: two, context: {cluster: b, user: shared}}]
            users: [{name: shared, user: {token: t}}]
            """, to: "2")
        let paths = [directory("1"), directory("absent"), directory("2")]
        let environment = ["KUBECONFIG": paths.joined(separator: ":")]
        let found = try KubernetesConfiguration.detect(kubeconfig: "", context: nil, environment: environment)
        #expect(found.server == "https://first:1" && found.namespace == "x")
        let other = try KubernetesConfiguration.detect(kubeconfig: nil, context: "two", environment: environment)
        #expect(other.server == "https://b:1" && other.namespace == "default")
    }

    @Test("relative paths are meant from the directory of their file")
    func relative() throws {
        let text = Self.config(
            cluster: "server: https://h:1, certificate-authority: \(pki.authorityName)",
            user: "client-certificate: \(pki.certificateName), client-key: \(pki.keyName), tokenFile: token")
        let found = try read(text)
        #expect(found.trust.authorities?.count == 1 && found.login.certificate != nil)
        guard case .tokenFile(let path) = found.login.source else {
            Issue.record("no token file")
            return
        }
        #expect(path == directory("token"))
    }

    @Test("where to look: a named file, the pod, KUBECONFIG, the home directory")
    func order() throws {
        try directory.write(Self.config(), to: "named")
        #expect(throws: KubernetesConfigurationError.none) {
            _ = try KubernetesConfiguration.detect(kubeconfig: nil, context: nil, environment: [:])
        }
        let named = try KubernetesConfiguration.detect(
            kubeconfig: directory("named"), context: "", environment: ["KUBECONFIG": "/nowhere"])
        #expect(named.server == "https://h:1")
        try FileManager.default.createDirectory(atPath: directory(".kube"), withIntermediateDirectories: true)
        try directory.write(Self.config(cluster: "server: https://home:1"), to: ".kube/config")
        let home = try KubernetesConfiguration.detect(
            kubeconfig: nil, context: nil, environment: ["HOME": directory.path])
        #expect(home.server == "https://home:1")
        #expect(throws: KubernetesConfigurationError.self) {
            _ = try KubernetesConfiguration.detect(
                kubeconfig: nil, context: nil, environment: ["HOME": directory.path, "KUBECONFIG": "/nowhere"])
        }
    }

    @Test("a pod finds its service account")
    func inCluster() throws {
        try FileManager.default.copyItem(atPath: pki.authority, toPath: directory("ca.crt"))
        try directory.write("slipway\n", to: "namespace")
        let environment = ["KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "6443"]
        #expect(throws: KubernetesConfigurationError.self) {
            _ = try KubernetesConfiguration.inCluster(environment: environment, directory: directory.path)
        }
        try directory.write("t0ken\n", to: "token")
        let found = try KubernetesConfiguration.inCluster(environment: environment, directory: directory.path)
        #expect(found.server == "https://[fd00::1]:6443" && found.namespace == "slipway")
        #expect(KubernetesConfiguration.isInCluster(environment, directory: directory.path))
        #expect(!KubernetesConfiguration.isInCluster([:], directory: directory.path))
        try directory.write("no certificate", to: "ca.crt")
        #expect(throws: KubernetesConfigurationError.self) {
            _ = try KubernetesConfiguration.inCluster(environment: environment, directory: directory.path)
        }
    }

    @Test(
        "what is not supported or wrong is refused, with the reason",
        arguments: [
            ("server: https://h:1", "username: a, password: s3cret", "1.19"),
            ("server: https://h:1", "auth-provider: {name: gcp}", "1.26"),
            ("server: https://h:1", "token: s3cret, as: root", "impersonation"),
            ("server: https://h:1, proxy-url: http://p", "token: s3cret", "proxy-url"),
            ("server: http://h:1", "token: s3cret", "in the clear"),
            ("server: ftp://h", "token: s3cret", "https://"),
            ("server: \"https://u:s3cret@h\"", "token: s3cret", "a user"),
            ("server: \"https://h?s3cret\"", "token: s3cret", "a query"),
            ("server: \"https://\"", "token: s3cret", "no host"),
            ("x: y", "token: s3cret", "no server"),
            ("server: https://h:1, certificate-authority-data: \"%%\"", "token: s3cret", "base64"),
            ("server: https://h:1, certificate-authority-data: czNjcmV0", "token: s3cret", "PEM"),
            ("server: https://h:1, certificate-authority: /nowhere", "token: s3cret", "/nowhere"),
            (
                "server: https://h:1, insecure-skip-tls-verify: true, certificate-authority-data: czNjcmV0",
                "token: s3cret", "exclude"
            ),
            ("server: https://h:1", "client-certificate-data: czNjcmV0", "belong together"),
            ("server: https://h:1", "client-certificate-data: czNjcmV0, client-key-data: czNjcmV0", "PEM"),
            (
                "server: https://h:1", "exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}",
                "apiVersion"
            ),
            ("server: https://h:1", "exec: {apiVersion: client.authentication.k8s.io/v1}", "no command"),
            (
                "server: https://h:1",
                "exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Always}", "terminal"
            ),
        ])
    func refused(cluster: String, user: String, reason: String) {
        let words = problem(Self.config(cluster: cluster, user: user))
        #expect(words.contains(reason), "\(words)")
    }

    @Test("names that lead nowhere and files that are none are told")
    func broken() {
        #expect(problem(Self.config(), context: "other").contains("no context named \"other\""))
        #expect(
            problem("current-context: c\ncontexts: [{name: c, context: {cluster: k}}]").contains(
                "no cluster named \"k\""))
        #expect(problem("current-context: c\ncontexts: [{name: c, context: {}}]").contains("names no cluster"))
        #expect(problem("clusters: []").contains("no current-context"))
        #expect(problem("users: s3cret").contains("has to be a list"))
        #expect(problem("users: [{user: {token: s3cret}}]").contains("no name"))
        #expect(problem("a: b: s3cret").contains("line 1"))
        #expect(problem("\u{0}s3cret").contains("no usable kubeconfig"))
        #expect(throws: KubernetesConfigurationError.self) {
            _ = try KubernetesConfiguration.kubeconfig(["/nowhere/a", "/nowhere/b"], context: nil)
        }
    }

    @Test("a certificate of another name is asked for by tls-server-name")
    func serverName() throws {
        let found = try read(
            Self.config(cluster: "server: \"https://10.0.0.1:6443/k8s/c\", tls-server-name: kubernetes"))
        let name = try #require(found.trust.serverName)
        let parts = try #require(ServerURL.replacingHost(of: found.server, by: name))
        #expect(parts.host == "10.0.0.1" && parts.url == "https://kubernetes:6443/k8s/c")
        #expect(
            ServerURL.replacingHost(of: "https://[::1]:1", by: "x").map { [$0.host, $0.url] } == ["::1", "https://x:1"])
        #expect(ServerURL.replacingHost(of: "https://h", by: "x").map { [$0.host, $0.url] } == ["h", "https://x"])
    }
}
