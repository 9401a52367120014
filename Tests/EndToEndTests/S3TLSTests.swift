import Testing

extension EndToEnd {
    /// A bucket whose server has a certificate of a private authority.
    @Suite("Objects in S3 over TLS")
    struct S3TLSTests {
        /// Makes an authority, a certificate of its for `localhost`, and an authority that signed nothing.
        private static func makeCertificates(in directory: TemporaryDirectory) async throws {
            let script = """
                cd "$1"
                for name in authority stranger; do
                    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$name" -keyout $name.key -out $name.pem
                done
                printf 'subjectAltName=DNS:localhost\\n' >names
                openssl req -newkey rsa:2048 -nodes -subj /CN=server -keyout server.key -out server.csr
                openssl x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 \
                    -extfile names -out server.crt
                cat server.crt server.key >server.pem
                """
            try await Command("/bin/bash", ["-euc", script, "bash", directory.path]).run().succeeded()
        }

        /// Starts SeaweedFS behind TLS.
        ///
        /// - Returns: Its flags without a CA file, and what must go on living.
        private static func start(
            in directory: TemporaryDirectory
        ) async throws -> (flags: [String], s3: S3Server, proxy: PythonProxy) {
            try await makeCertificates(in: directory)
            let s3 = try await S3Server.start(in: directory)
            let context = "(c := ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), c.load_cert_chain(sys.argv[3]))[0]"
            let proxy = try await PythonProxy(
                before: s3.port, in: directory, [directory("server.pem")],
                accepted: "\(context).wrap_socket(client, server_side=True)")
            let plain = "http://127.0.0.1:\(proxy.port)"
            let flags = s3.flags(through: proxy.port).map { $0 == plain ? "https://localhost:\(proxy.port)" : $0 }
            return (flags, s3, proxy)
        }

        @Test("with the authority in s3.ca-file pushes build, and the log is read")
        func trusted() async throws {
            let directory = try TemporaryDirectory()
            let (flags, s3, proxy) = try await Self.start(in: directory)
            defer { s3.stop() }
            let trusting = flags + ["--s3-ca-file", directory("authority.pem")]
            let site = try await Site.start(flags: trusting)
            try await site.server.isWell()
            let git = try await site.git(
                building: "echo from the build; head -c 20000000 /dev/urandom > $SLIPWAY_OUTPUT/x")
            let id = try await git.push("blog", "main").succeeded().pushID
            #expect(try await s3.keys().contains("apps/blog/builds/\(id)/artifact.tar.gz"))
            let log = try await Command(
                try SlipwayProgram.path, ["log", "blog", "--data-dir", site.directory("data")] + trusting
            ).run().succeeded()
            #expect(log.text.contains("from the build"))
            _ = proxy
        }

        @Test("a server of another authority is not trusted, and who runs the builder is told which setting it is")
        func refused() async throws {
            let directory = try TemporaryDirectory()
            let (flags, s3, proxy) = try await Self.start(in: directory)
            defer { s3.stop() }
            for more in [[], ["--s3-ca-file", directory("stranger.pem")]] {
                let site = try await Site.start(flags: flags + more)
                try await eventually("it is known to be down", within: .seconds(60)) {
                    try await site.server.state(of: "storage") == "down"
                }
                #expect(site.server.transitions(of: "storage").contains { "\($0)".contains("s3.ca-file") })
                let git = try await site.git(building: "true")
                let push = try await git.push("blog", "main")
                #expect(push.status == 128 && push.messages.contains("its server cannot be reached"), "\(push)")
                #expect(!push.messages.contains("localhost:\(proxy.port)"))
                let log = try await Command(
                    try SlipwayProgram.path, ["log", "blog", "--data-dir", site.directory("data")] + flags + more
                ).run()
                #expect(log.status == 1 && log.messages.contains("no trustworthy connection"), "\(log)")
                #expect(log.messages.contains("s3.ca-file"), "\(log)")
            }
        }

        @Test(
            "a CA file that is of no use is told by `check` and `serve` before anything starts",
            arguments: [nil, "", "no certificate\n"])
        func badFile(content: String?) async throws {
            let directory = try TemporaryDirectory()
            if let content { try directory.write("ca.pem", content) }
            for subcommand in ["check", "serve"] {
                let words = [
                    "--data-dir", directory("data"), "--executor", "none", "--ssh-port", "0", "--health-port", "0",
                    "--storage", "s3", "--s3-bucket", "logs", "--s3-ca-file", directory("ca.pem"),
                ]
                let result = try await SlipwayProgram.run([subcommand] + words, directory: directory.path)
                #expect(result.status == 1, "\(subcommand): \(result)")
                #expect(
                    result.messages.contains("slipway: s3.ca-file: the CA file \(directory("ca.pem")) "), "\(result)")
                #expect(!result.text.contains("ok: ") && !HostFile.exists(directory("data")), "\(result)")
            }
        }
    }
}
