import Testing

extension ClusterTests {
    @Suite("Installing")
    struct InstallTests {
        @Test(
            "kubectl apply stands it up: ready by its own probes, without a restart, and applying again changes nothing"
        )
        func apply() async throws {
            let site = try await Installation.ready()
            let pod = try await site.pod()
            let container = try #require(pod["spec", "containers"]?.elements.first)
            for (probe, path) in [
                ("startupProbe", "/startupz"), ("readinessProbe", "/readyz"), ("livenessProbe", "/livez"),
            ] {
                #expect(container[probe, "httpGet", "path"]?.string == path)
            }
            let account = await Installation.kubectl.account()
            #expect(pod.has(condition: "Ready") && pod.restarts == 0, "\(account)")

            let again = try await site.apply()
            let changed = again.split(separator: "\n").filter { !$0.hasSuffix(" unchanged") }
            #expect(changed.isEmpty, "\(changed)")
            #expect(try await site.pod().uid == pod.uid)
        }

        @Test("what the pod runs as: a user without rights, on a root that it cannot write to")
        func confinement() async throws {
            let site = try await Installation.ready()
            let text = try await site.shell(
                """
                id -u; grep -E '^(CapEff|NoNewPrivs|Seccomp):' /proc/self/status
                touch /usr/here 2>/dev/null || echo cannot write
                """)
            let lines = text.split(separator: "\n").map {
                $0.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            }
            #expect(lines == ["10001", "CapEff: 0000000000000000", "NoNewPrivs: 1", "Seccomp: 2", "cannot write"])
        }

        @Test("the host keys are made once, and are the same after the pod was deleted")
        func hostKeys() async throws {
            let site = try await Installation.ready()
            let secret = try await Installation.kubectl.json("get", "secret", "slipway-host-keys")
            let keys = try await scan(site)
            #expect(keys.count == 2, "\(keys)")
            let pod = try await site.pod()
            try await Installation.kubectl("delete", "pod", pod.name, "--wait=false")
            try await site.isWell()
            #expect(try await site.pod().uid != pod.uid)
            #expect(try await scan(site) == keys)
            let after = try await Installation.kubectl.json("get", "secret", "slipway-host-keys")
            #expect(
                after.uid == secret.uid && after["metadata", "resourceVersion"] == secret["metadata", "resourceVersion"]
            )
            #expect(after["data"]?.members.keys.sorted() == ["ssh_host_ed25519_key", "ssh_host_rsa_key"])
        }

        /// The host keys that the Service shows to everybody, sorted.
        private func scan(_ site: Installation) async throws -> [String] {
            let ssh = try await site.ssh()
            let words = ["-T", "10", "-p", "\(ssh.port)", "-t", "rsa,ed25519", ssh.host]
            let lines = try await Command("/usr/bin/ssh-keyscan", words).run().succeeded().text.split(separator: "\n")
            return lines.filter { !$0.hasPrefix("#") }.map(String.init).sorted()
        }
    }
}
