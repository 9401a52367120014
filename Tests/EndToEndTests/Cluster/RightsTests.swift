import Testing

extension ClusterTests {
    @Suite("Rights")
    struct RightsTests {
        /// One thing that may be done: `slipway-builds jobs.batch create`.
        private typealias Right = String

        /// What everybody has by the cluster's own roles: to ask about themselves.
        private static let everybodys = ["selfsubjectaccessreviews", "selfsubjectrulesreviews", "selfsubjectreviews"]

        @Test("the server may do what the guide lists, and nothing else")
        func server() async throws {
            _ = try await Installation.ready()
            let documented = try documentedRights()
            #expect(!documented.isEmpty)
            var found: Set<Right> = []
            for namespace in ["slipway", "slipway-builds", "default", "kube-system"] {
                found.formUnion(try await rights(of: "slipway:slipway", in: namespace))
            }
            #expect(found == documented, "\(found.symmetricDifference(documented).sorted())")
        }

        @Test("the account of builds may do nothing")
        func builds() async throws {
            _ = try await Installation.ready()
            for namespace in ["slipway", "slipway-builds", "default", "kube-system"] {
                #expect(try await rights(of: "slipway-builds:slipway-build", in: namespace) == [])
            }
        }

        @Test("the server's own token can do what it needs, and cannot read the bucket's keys or make pods")
        func token() async throws {
            let site = try await Installation.ready()
            let token = try await site.shell("cat /var/run/secrets/kubernetes.io/serviceaccount/token")
            func ask(_ method: String, _ path: String) async throws -> String {
                try await site.apiStatus(method, path, token: token)
            }
            #expect(try await ask("GET", "/apis/batch/v1/namespaces/slipway-builds/jobs") == "200")
            #expect(try await ask("GET", "/api/v1/namespaces/slipway/secrets/slipway-host-keys") == "200")
            for path in [
                "/api/v1/namespaces/slipway/secrets/slipway-s3", "/api/v1/namespaces/slipway/secrets",
                "/api/v1/namespaces", "/api/v1/nodes", "/api/v1/namespaces/slipway-builds/secrets",
            ] { #expect(try await ask("GET", path) == "403", "\(path)") }
            #expect(try await ask("DELETE", "/api/v1/namespaces/slipway/secrets/slipway-host-keys") == "403")
            #expect(try await ask("POST", "/api/v1/namespaces/slipway-builds/pods") == "403")
        }

        @Test("a build has no token, no key and no URL, and is nobody")
        func insideBuild() async throws {
            let site = try await Installation.ready()
            let app = site.app("inside")
            let git = try await site.git(
                app,
                building: """
                    ls /var/run/secrets /run/secrets 2>&1 | grep -v 'No such file' || echo "no secrets"
                    env | grep -iE 'token|secret|_url|aws|access_key|password' || echo "no words"
                    [ "$(id -u)" != 0 ] && echo "not root"
                    grep -E '^(CapEff|NoNewPrivs|Seccomp):' /proc/self/status | tr -s '\\t' ' '
                    """)
            let push = try git.startPush(app, "main")
            let result = try await push.result(within: .seconds(90)).accepted()
            for line in [
                "no secrets", "no words", "not root", "CapEff: 0000000000000000", "NoNewPrivs: 1", "Seccomp: 2",
            ] {
                #expect(result.messages.contains("remote: \(line)"), "\(result)")
            }
            let pod = try #require(try await site.builds.pods(of: app).first)
            #expect(pod["spec", "automountServiceAccountToken"] == .bool(false))
            #expect(pod["spec", "serviceAccountName"]?.string == "slipway-build")
            let volumes = (pod["spec", "volumes"]?.elements ?? []).map { $0["name"]?.string ?? "" }
            #expect(volumes == ["workspace"])
        }

        /// What an account may do in a namespace, as the API server answers.
        private func rights(of account: String, in namespace: String) async throws -> Set<Right> {
            let table = try await Kubectl(namespace: namespace)(
                "auth", "can-i", "--list", "--no-headers", "--as", "system:serviceaccount:\(account)")
            var rights: Set<Right> = []
            for line in table.split(separator: "\n") {
                // RESOURCES [NON-RESOURCE URLS] [NAMES] [VERBS]
                guard let cells = line.wholeMatch(of: /(\S*)\s+\[(.*)\]\s+\[(.*)\]\s+\[(.*)\]\s*/), !cells.1.isEmpty
                else { continue }
                let kind = String(cells.1)
                guard !Self.everybodys.contains(where: { kind.hasPrefix($0 + ".") }) else { continue }
                let names = cells.3.isEmpty ? [""] : cells.3.split(separator: " ").map { " \($0)" }
                for verb in cells.4.split(separator: " ") {
                    for name in names { rights.insert("\(namespace) \(kind)\(name) \(verb)") }
                }
            }
            return rights
        }

        /// The table "What the server may do" of the guide.
        private func documentedRights() throws -> Set<Right> {
            let guide = String(decoding: try HostFile.read("\(TestBed.root)/docs/kubernetes.md"), as: UTF8.self)
            let start = try #require(guide.firstRange(of: "### What the server may do")).upperBound
            let section = guide[start...].prefix(while: { $0 != "#" })
            var rights: Set<Right> = []
            for row in section.matches(of: /\n\| `([\w-]+)` \| `([\w\/]+)`(?: `([\w-]+)`)? \| ([a-z, ]+) \|/) {
                // batch/jobs is a kind in a group, pods/log a part of pods.
                let parts = row.2.split(separator: "/")
                let kind = parts.first == "batch" ? "\(parts[1]).\(parts[0])" : String(row.2)
                for verb in row.4.split(separator: ", ") {
                    rights.insert("\(row.1) \(kind)\(row.3.map { " \($0)" } ?? "") \(verb)")
                }
            }
            return rights
        }
    }
}

extension Installation {
    /// The HTTP status with which the API server answers somebody who has a token.
    func apiStatus(_ method: String, _ path: String, token: String) async throws -> String {
        let cluster = try await Kubectl()(
            "config", "view", "--minify", "--raw", "-o", "jsonpath={.clusters[0].cluster.server}")
        var command = Command(
            "/usr/bin/curl",
            ["-sk", "-m", "10", "-o", "/dev/null", "-w", "%{http_code}", "-X", method, "-K", "-", cluster + path])
        let body = method == "POST" ? "header = \"Content-Type: application/json\"\ndata = \"{}\"\n" : ""
        command.input = Array("header = \"Authorization: Bearer \(token)\"\n\(body)".utf8)
        return try await command.run().succeeded().text
    }
}
