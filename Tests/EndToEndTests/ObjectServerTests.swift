import Glibc
import Testing

extension EndToEnd {
    /// Single objects over HTTP, for builds on other machines.
    @Suite("Objects by signed URLs")
    struct ObjectServerTests {
        private static let flags = ["--storage-public-url", "http://builder.example.org:8093", "--storage-port", "0"]

        /// Where the running server gives out objects.
        private static func address(of server: SlipwayServer) async throws -> String {
            let port = try await server.logLine("objects is listening")["port"]
            return "http://127.0.0.1:\(port ?? "none")/objects"
        }

        /// What `curl` gets.
        private static func ask(_ url: String, _ options: String...) async throws -> (status: String, body: [UInt8]) {
            let result = try await Command("/usr/bin/curl", ["-sm10", "-w", "%{http_code}"] + options + [url]).run()
                .succeeded()
            return (String(decoding: result.output.suffix(3), as: UTF8.self), Array(result.output.dropLast(3)))
        }

        /// A signature made from the server's secret by other code than its own, as `ObjectURLSigner` documents it.
        private static func query(
            _ site: Site, _ method: String, _ key: String, seconds: Int = 600
        ) async throws -> String {
            let program = """
                import hashlib, hmac, sys, time
                secret, method, key, seconds = open(sys.argv[1], "rb").read(), sys.argv[2], sys.argv[3], int(sys.argv[4])
                expiry = int(time.time()) + seconds
                text = f"slipway-object-url-1\\n{method}\\n{key}\\n{expiry}"
                print(f"access={method}&expires={expiry}&signature=" + hmac.new(secret, text.encode(), hashlib.sha256).hexdigest())
                """
            let words = ["python3", "-c", program, site.directory("data/url-secret"), method, key, "\(seconds)"]
            return try await Command("/usr/bin/env", words).run().succeeded().text
        }

        @Test(
            "a build's objects go out and come in by URLs with a signature, and by no others; restarts change nothing")
        func objects() async throws {
            let site = try await Site.start(flags: Self.flags)
            let git = try await site.git(building: "echo built; echo kept > $SLIPWAY_OUTPUT/file")
            try await git.push("blog", "main").succeeded()
            let (id, commit) = (try site.builds(of: "blog").only.id, try await git("rev-parse", "HEAD"))
            let source = "apps/blog/sources/\(commit).tar.gz"
            let artifact = "apps/blog/builds/\(id)/artifact.tar.gz"
            #expect(try HostFile.mode(site.directory("data/url-secret")) == 0o600)

            let first = try await Self.address(of: site.server)
            let query = try await Self.query(site, "GET", source)
            let whole = try await Self.ask("\(first)/\(source)?\(query)")
            #expect(try whole.status == "200" && whole.body == site.builds(of: "blog").read(source))
            let upload = try await Self.query(site, "PUT", artifact)
            let file = try site.directory.write("upload", "another artifact")
            #expect(try await Self.ask("\(first)/\(artifact)?\(upload)", "-T", file).status == "200")
            #expect(try site.builds(of: "blog").read(artifact) == Array("another artifact".utf8))

            let expired = try await Self.query(site, "GET", source, seconds: -1)
            let digit = query.last == "0" ? "1" : "0"
            for (key, query) in [
                (source, expired), (source, query.dropLast() + digit), (artifact, query), (source, upload),
                (source, ""),
                (source, query.replacing(/expires=\d/, with: "expires=9")), ("", query), ("url-secret", query),
                ("../../url-secret", query),
            ] {
                let answer = try await Self.ask("\(first)/\(key)?\(query)", "--path-as-is")
                #expect(answer.status == "403", "\(key)?\(query)")
                #expect(answer.body == Array("this URL is not one of this server's, or its time is over\n".utf8))
            }
            #expect(try await Self.ask("\(first)/\(source)?\(query)", "-X", "DELETE").status == "405")
            // A URL is as good as a key: it is nowhere to be read.
            #expect(!site.server.rawLog.contains("signature") && !site.server.output.contains("signature"))

            try await site.server.stop()
            let second = try await SlipwayServer.start(
                in: site.directory, name: "second", arguments: Site.flags(site.directory, Self.flags))
            #expect(try await Self.ask("\(Self.address(of: second))/\(source)?\(query)").status == "200")
            try await second.stop()
            // How an operator makes all URLs void.
            try #require(unsafe unlink(site.directory("data/url-secret")) == 0)
            let third = try await SlipwayServer.start(
                in: site.directory, name: "third", arguments: Site.flags(site.directory, Self.flags))
            #expect(try await Self.ask("\(Self.address(of: third))/\(source)?\(query)").status == "403")
        }

        @Test("without a public URL there is no such server and no secret")
        func without() async throws {
            let site = try await Site.start()
            #expect(!site.server.rawLog.contains("objects is listening"))
            #expect(!HostFile.exists(site.directory("data/url-secret")))
        }
    }
}
