import Testing

extension EndToEnd {
    @Suite("Probes over HTTP")
    struct ProbeFormatTests {
        private static let livez = ["supervisor", "acceptor", "watchdog"]
        private static let readyz = [
            "circuit", "ssh", "supervisor", "acceptor", "watchdog", "slots", "workspace", "drain",
        ]
        private static let startupz = ["configuration", "host-keys", "workspace", "ssh"]
        private static let healthz = ["ssh", "storage", "executor", "repositories", "access"]

        private static func list(_ names: [String], _ last: String) -> String {
            (names.map { "[+]\($0) ok" } + [last]).joined(separator: "\n") + "\n"
        }

        @Test("each probe answers ok, with its checks on request, in kube-apiserver's format")
        func formats() async throws {
            let site = try await Site.start()
            let probes = [
                ("livez", Self.livez, "livez"), ("readyz", Self.readyz, "readyz"),
                ("readiness", Self.readyz, "readyz"), ("startupz", Self.startupz, "startupz"),
                ("healthz", Self.healthz, "healthz"),
            ]
            for (path, names, name) in probes {
                try await expect(site, "/\(path)", 200, "ok")
                try await expect(site, "/\(path)?verbose", 200, Self.list(names, "\(name) check passed"))
                for check in names {
                    try await expect(site, "/\(path)/\(check)", 200, "ok")
                    try await expect(
                        site, "/\(path)/\(check)?verbose", 200, "[+]\(check) ok\n\(name) check passed\n")
                }
                let missing = "\(name) has no check \"nope\"; it has: \(names.joined(separator: ", "))\n"
                try await expect(site, "/\(path)/nope", 404, missing)
            }
            #expect(try await site.server.get("/readyz", host: "[::1]").status == 200)
        }

        @Test("checks are left out on request, and a name that is none is told")
        func exclusion() async throws {
            let site = try await Site.start("--executor", "none")
            try await expect(site, "/readyz?exclude=ssh", 200, "ok")
            let one = Self.list(Self.readyz, "readyz check passed").replacing("[+]ssh ok", with: "[+]ssh excluded: ok")
            try await expect(site, "/readyz?verbose&exclude=ssh", 200, one)
            let two = one.replacing("[+]slots ok", with: "[+]slots excluded: ok")
            try await expect(site, "/readyz?verbose&exclude=slots&exclude=ssh", 200, two)
            let unknown = Self.list(
                Self.livez,
                "warn: some health checks cannot be excluded: no matches for \"nope\"\nlivez check passed")
            try await expect(site, "/livez?verbose&exclude=nope", 200, unknown)
            // What is asked for may not forge a line of the answer.
            let forged = try await site.server.ask("/livez?verbose&exclude=%0a%5b-%5dx%0d%1b")
            #expect(forged.status == 200)
            #expect(!forged.body.split(separator: "\n").contains { $0.hasPrefix("[-]") }, "\(forged)")
        }

        @Test("what fails is listed unasked, and alone decides the status")
        func failure() async throws {
            let site = try await Site.start("--executor", "none", "--simulate", "storage=down")
            // Not before SSH is known to answer, which is a reason of its own.
            try await eventually("storage is down, and nothing else") {
                let answer = try await site.server.get("/healthz")
                return answer.status == 503 && answer.body.contains("[+]ssh ok")
            }
            let whole = try await site.server.ask("/healthz")
            #expect(whole.body.hasPrefix("[+]ssh ok\n[-]storage failed: "), "\(whole)")
            #expect(whole.body.hasSuffix("\n[+]repositories ok\n[+]access ok\nhealthz check failed\n"), "\(whole)")
            let one = try await site.server.ask("/healthz/storage")
            #expect(one.status == 503)
            #expect(one.body.contains(/\A\[-\]storage failed: [^\n]+\nhealthz check failed\n\z/), "\(one)")
            try await expect(site, "/healthz/access", 200, "ok")
            try await expect(site, "/healthz?exclude=storage", 200, "ok")
            let excluded = try await site.server.ask("/healthz?exclude=storage&verbose")
            #expect(excluded.body.contains("\n[+]storage excluded: ok\n"))
            #expect(excluded.body.hasSuffix("healthz check passed\n"))
            // kubelet's probes do not look there.
            for path in ["/livez", "/readyz", "/startupz"] { try await expect(site, path, 200, "ok") }
        }

        @Test("answers have a type, are not kept by anybody, and a HEAD has the header alone")
        func fields() async throws {
            let site = try await Site.start("--executor", "none")
            let types = [
                "/livez": "text/plain; charset=utf-8", "/readyz?verbose": "text/plain; charset=utf-8",
                "/readyz/nope": "text/plain; charset=utf-8", "/healthz": "text/plain; charset=utf-8",
                "/nowhere": "text/plain; charset=utf-8", "/status": "text/html; charset=utf-8",
                "/status.json": "application/json; charset=utf-8",
                "/metrics": "text/plain; version=0.0.4; charset=utf-8",
            ]
            for (path, type) in types {
                let answer = try await site.server.ask(path)
                #expect(answer["content-type"] == type, "\(path)")
                #expect(answer["cache-control"] == "no-store", "\(path)")
                #expect(answer["x-content-type-options"] == "nosniff", "\(path)")
                #expect(answer["content-length"] == "\(answer.body.utf8.count)", "\(path)")
                let head = try await site.server.ask(path, "--head")
                #expect(head.status == answer.status && head.body.isEmpty, "\(path): \(head)")
                #expect(head["content-type"] == type, "\(path)")
                // What counts requests and seconds differs from one answer to the next.
                if !path.hasPrefix("/status"), path != "/metrics" {
                    #expect(head["content-length"] == answer["content-length"], "\(path)")
                }
            }
        }

        @Test("other methods and addresses are refused, and the refusal says what there is")
        func refusals() async throws {
            let site = try await Site.start("--executor", "none")
            for path in ["/livez", "/readyz/ssh", "/healthz", "/status", "/metrics"] {
                for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
                    let answer = try await site.server.ask(path, "-X", method, "-d", "x=1")
                    #expect(answer.status == 405, "\(method) \(path): \(answer)")
                    #expect(answer["allow"] == "GET, HEAD")
                }
            }
            for path in ["/nowhere", "/readyz/ssh/more", "/LIVEZ", "/livezz", "/status/x", "/../etc/passwd"] {
                let answer = try await site.server.ask(path, "--path-as-is")
                #expect(answer.status == 404, "\(path): \(answer)")
                for known in ["/livez", "/readyz", "/startupz", "/healthz", "/status", "/metrics"] {
                    #expect(answer.body.contains("\(known)\n"), "\(path): \(answer)")
                }
            }
            let home = try await site.server.ask("/")
            #expect(home.status == 302 && home["location"] == "/status")
        }

        @Test("the status is a page or JSON, as the client accepts")
        func status() async throws {
            let site = try await Site.start("--executor", "none")
            let cases: [(accept: String, isJSON: Bool)] = [
                ("*/*", false), ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", false),
                ("application/json", true), ("application/json, text/html;q=0.5", true),
                ("application/json;q=0.2, text/html", false), ("text/html;q=0, application/json", true),
            ]
            for (accept, isJSON) in cases {
                let answer = try await site.server.ask("/status", "-H", "Accept: \(accept)")
                #expect(answer.status == 200)
                #expect(
                    answer["content-type"]?.hasPrefix(isJSON ? "application/json" : "text/html") == true, "\(accept)")
                #expect(answer["vary"]?.lowercased() == "accept")
                if !isJSON { #expect(answer["content-security-policy"]?.hasPrefix("default-src 'none'") == true) }
            }
            let report = try JSONTree(parsing: await site.server.ask("/status.json", "-H", "Accept: text/html").body)
            #expect(report["headline"]?.string == "Pushes work")
            let dependencies = report["dependencies"]?.elements ?? []
            #expect(dependencies.compactMap { $0["name"]?.string } == ["storage", "repositories", "access"])
            for dependency in dependencies {
                #expect(dependency["state"]?.string == "up")
                #expect(dependency["historyPerMinute"]?.elements.count == 60)
            }
        }

        private func expect(
            _ site: Site, _ path: String, _ status: Int, _ body: String, at place: SourceLocation = #_sourceLocation
        ) async throws {
            let answer = try await site.server.ask(path)
            #expect(answer.status == status && answer.body == body, "\(path): \(answer)", sourceLocation: place)
        }
    }
}
