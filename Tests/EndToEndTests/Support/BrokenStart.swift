import Glibc
import Testing

/// A start that cannot succeed because of something outside the settings.
enum BrokenStart: CaseIterable, Sendable, CustomTestStringConvertible {
    case sshPortTaken, sshPortTakenOnIPv4, healthPortTaken, foreignAddress
    case hostKeyGarbage, hostKeyEmpty, hostKeyCut, hostKeyWithPassphrase, hostKeyUnreadable, hostKeysNoFolder
    case accessMissing, accessNoYAML, accessUnknownField, accessNoFile, accessWeakKey, accessBadApp
    case dataNoFolder, dataNoPlace, hostKeyOpen, nothingProtects, healthAddressTwice, podTemplateForNoBuild

    /// What has been broken.
    struct Prepared {
        var flags: [String] = []
        /// What the message must contain.
        let expected: [String]
        /// Keeps a port taken.
        var socket: TakenPort?
    }

    var testDescription: String { "\(self)" }

    /// Breaks it, in a directory that has an access file `access.yaml` and host keys in `data/host-keys`.
    func prepare(_ directory: TemporaryDirectory) async throws -> Prepared {
        let rsaKey = "data/host-keys/ssh_host_rsa_key"
        let badKey = Prepared(expected: ["ssh.host-keys", "ssh_host_rsa_key"])
        switch self {
        case .sshPortTaken: return try taken("ssh", AF_INET6)
        case .sshPortTakenOnIPv4: return try taken("ssh", AF_INET)
        case .healthPortTaken: return try taken("health", AF_INET6)
        case .foreignAddress:
            return Prepared(flags: ["--ssh-address", "192.0.2.1"], expected: ["ssh.", "192.0.2.1"])
        case .hostKeyGarbage:
            try directory.write(rsaKey, "not a key\n", mode: 0o600)
            return badKey
        case .hostKeyEmpty:
            try directory.write(rsaKey, "", mode: 0o600)
            return badKey
        case .hostKeyCut:
            try directory.write(rsaKey, String(directory.read(rsaKey).prefix(900)), mode: 0o600)
            return badKey
        case .hostKeyWithPassphrase:
            let change = ["-q", "-p", "-P", "", "-N", "secret", "-f", directory(rsaKey)]
            try await Command("/usr/bin/ssh-keygen", change).run().succeeded()
            return Prepared(expected: badKey.expected + ["passphrase"])
        case .hostKeyUnreadable:
            // A folder in its place cannot be read by anybody, root included.
            unsafe unlink(directory(rsaKey))
            try directory.makeDirectory(rsaKey)
            return badKey
        case .hostKeysNoFolder:
            return Prepared(
                flags: ["--ssh-host-keys", directory("access.yaml")], expected: ["ssh.host-keys", "access.yaml"])
        case .accessMissing:
            return access("who.yaml", [])
        case .accessNoYAML:
            try directory.write("who.yaml", "users:\n  alice: [\n")
            return access("who.yaml", ["YAML"])
        case .accessUnknownField:
            try directory.write("who.yaml", "users:\n  alice: {keys: [], app: [\"blog\"]}\n")
            return access("who.yaml", ["2", "app"])
        case .accessNoFile:
            return access(try directory.makeDirectory("who"), [])
        case .accessWeakKey:
            let key = try await TestKey.make("weak", in: directory, options: ["-t", "rsa", "-b", "1024"])
            try directory.write("who.yaml", "users:\n  alice: {keys: [\"\(key.line)\"], apps: [\"blog\"]}\n")
            return access("who.yaml", ["1024", "2048"])
        case .accessBadApp:
            try directory.write("who.yaml", "users:\n  alice: {keys: [], apps: [\"../blog\"]}\n")
            return access("who.yaml", ["../blog"])
        case .dataNoPlace:
            return Prepared(
                flags: ["--data-dir", directory("access.yaml/data"), "--ssh-host-keys", directory("data/host-keys")],
                expected: ["data-dir", "access.yaml"])
        case .hostKeyOpen:
            try directory.write(rsaKey, directory.read(rsaKey), mode: 0o644)
            return Prepared(expected: badKey.expected + ["0600"])
        case .nothingProtects:
            return Prepared(
                flags: ["--executor", "local", "--local-sandbox", "none", "--local-network", "none"],
                expected: ["local.network"])
        case .healthAddressTwice:
            return Prepared(flags: ["--health-address", "0.0.0.0,::"], expected: ["health.address"])
        case .podTemplateForNoBuild:
            try directory.makeDirectory("templates")
            try directory.write("templates/app.blog.yml", "spec: {}\n")
            try directory.write("kubeconfig", Self.kubeconfig)
            return Prepared(
                flags: [
                    "--executor", "kubernetes", "--kubernetes-kubeconfig", directory("kubeconfig"),
                    "--kubernetes-image", "slipway:test", "--kubernetes-pod-templates", directory("templates"),
                    "--storage-public-url", "http://builder.example.com:8093", "--storage-port", "0",
                ],
                expected: ["kubernetes.pod-templates", "app.blog.yml", "app.APP.yaml", "default.yaml"])
        case .dataNoFolder:
            return Prepared(
                flags: ["--data-dir", directory("access.yaml"), "--ssh-host-keys", directory("data/host-keys")],
                expected: ["data-dir", "access.yaml"])
        }
    }

    /// Names a cluster that nothing asks.
    private static let kubeconfig = """
        apiVersion: v1
        kind: Config
        current-context: here
        clusters: [{name: here, cluster: {server: "https://127.0.0.1:9"}}]
        users: [{name: me, user: {token: x}}]
        contexts: [{name: here, context: {cluster: here, user: me}}]
        """

    private func taken(_ group: String, _ family: Int32) throws -> Prepared {
        let socket = try TakenPort(family)
        return Prepared(
            flags: ["--\(group)-port", "\(socket.port)"], expected: ["\(group).port", "\(socket.port)", "in use"],
            socket: socket)
    }

    private func access(_ file: String, _ expected: [String]) -> Prepared {
        Prepared(flags: ["--access-file", file], expected: ["access-file", file] + expected)
    }
}
