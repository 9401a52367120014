import Testing

extension ClusterTests {
    /// Dockerfiles, in the very pod that is made for BuildKit.
    ///
    /// In it runs a stand-in, `scripts/testbed.d/buildctl-daemonless.sh`: buildah, as the same user with the same rights,
    /// behind BuildKit's command line.
    @Suite("Building images in Jobs", .enabled(if: TestBed.isHere, "the registries are the test bed's"))
    struct ImageTests {
        @Test(
            "a Dockerfile becomes an image: live log, digest, record, its content in the registry; the next takes the cache"
        )
        func push() async throws {
            let site = try await ready()
            let app = site.app("image")
            let leave = "tests/leave-\(site.run)"
            let git = try await site.git(
                app,
                dockerfile: """
                    RUN echo first of the image; \
                      until wget -q -O /dev/null http://\(TestBed.registry)/v2/\(leave)/tags/list; do sleep 0.1; done; \
                      mkdir /srv && echo "made by $(id -u)" >/srv/made && chown 5:6 /srv/made
                    COPY hello.txt /srv/hello
                    COPY . /copy
                    """)
            let commit = try await git("rev-parse", "HEAD")
            let push = try git.startPush(app, "main")
            try await push.isTold("remote: first of the image")
            // The build waits: what has been read came while it ran.
            #expect(push.process.ending == nil && !push.messages.contains("COPY"))
            _ = try await TestBed.publish("local.test/busybox:1", as: leave)
            let result = try await push.result(within: .seconds(90)).accepted()

            let reference = "\(TestBed.images.place)/\(app):\(commit)"
            let record = try await site.store().record(of: app)
            #expect(record.outcome == "succeeded" && record.recipe == "dockerfile" && record.artifact == nil)
            let image = try #require(record.image)
            #expect(image.reference == reference)
            #expect(result.messages.contains("image     \(reference)@\(image.digest)"), "\(result)")

            let manifest = try await TestBed.images.manifest(of: app, image.digest)
            #expect(try await TestBed.images.manifest(of: app, commit) == manifest)
            let file = try git.ssh.directory.write("\(app).json", bytes: manifest)
            #expect(try await "sha256:" + HostFile.sha256(file) == image.digest)
            let content = try await content(of: app, manifest, in: git.ssh.directory)
            #expect(content["srv/made"] == "5/6 made by 0" && content["srv/hello"] == "0/0 hello", "\(content)")

            try git.write("hello.txt", "hello again\n")
            let again = try await git.commit()
            let second = try await git.pushMain(app).accepted()
            let (told, cache) = (second.told, "\(TestBed.images.place)/\(app)-cache:")
            #expect(told.contains { $0.contains("Cache pulled from remote \(cache)") }, "\(second)")
            #expect(!told.contains("first of the image"))
            let changed = try await self.content(
                of: app, TestBed.images.manifest(of: app, again), in: git.ssh.directory)
            #expect(changed["srv/made"] == "5/6 made by 0" && changed["srv/hello"] == "0/0 hello again", "\(changed)")
        }

        @Test("a Dockerfile that fails refuses its ref")
        func failure() async throws {
            let site = try await ready()
            let app = site.app("no-image")
            let git = try await site.git(app, dockerfile: "RUN echo before; exit 3\nCOPY hello.txt /")
            try await isRefused(git, app, site, words: ["remote: before", "exit status 3"])
        }

        @Test("a registry that does not know the account, or is away, fails the build, and the pusher reads why")
        func refusal() async throws {
            let site = try await ready()
            let (stranger, lonely) = (site.app("stranger"), site.app("lonely"))
            let git = try await site.git("refused", dockerfile: "RUN echo built\nCOPY hello.txt /")
            // Whatever comes of it, those after it find account and registry as they were.
            try await setPassword("wrong", site)
            await #expect(throws: Never.self) {
                try await isRefused(git, stranger, site, words: ["remote: built", "authentication required"])
            }
            try await setPassword(TestBed.images.password, site)
            try await TestBed.call("stop-component", "private-registry")
            await #expect(throws: Never.self) {
                try await isRefused(git, lonely, site, words: ["remote: built", "connection refused"])
            }
            try await TestBed.call("start-component", "private-registry")
            try await git.pushMain(lonely).accepted()
        }

        /// The installation, with an account at the registry for its builds.
        private func ready() async throws -> Installation {
            let site = try await Installation.ready()
            try await setPassword(TestBed.images.password, site)
            return site
        }

        /// Makes or changes the Secret, as the guide does.
        private func setPassword(_ password: String, _ site: Installation) async throws {
            let registry = TestBed.images
            let secret = try await site.builds.kubectl(
                "create", "secret", "docker-registry", "registry", "--docker-server=\(registry.address)",
                "--docker-username=\(registry.user)", "--docker-password=\(password)", "--dry-run=client", "-o", "json")
            try await site.builds.kubectl("apply", "-f", "-", input: secret)
        }

        /// Pushes what makes no image.
        private func isRefused(_ git: GitClient, _ app: String, _ site: Installation, words: [String]) async throws {
            let push = try await git.pushMain(app)
            for word in words { #expect(push.messages.contains(word), "\(push)") }
            #expect(push.messages.contains("BuildKit ended with exit code 1"), "\(push)")
            #expect(push.messages.contains("[remote rejected] main -> main (build failed with exit code 1)"))
            #expect(try await git.remoteMain(app) == nil)
            let record = try await site.store().record(of: app)
            #expect(record.outcome == "failed" && record.exitCode == 1 && record.image == nil)
        }

        /// The files below `srv` in an image's layers: numbers of owner and group, and the only line.
        ///
        /// No folder may hand on its group: that is a property of the pod's volumes.
        private func content(
            of app: String, _ manifest: [UInt8], in directory: TemporaryDirectory
        ) async throws -> [String: String] {
            let layers = try JSONTree(parsing: String(decoding: manifest, as: UTF8.self))["layers"]?.elements ?? []
            var content: [String: String] = [:]
            for digest in layers.compactMap({ $0["digest"]?.string }) {
                let blob = try await TestBed.images.blob(of: app, digest)
                let archive = try directory.write("layer.tar.gz", bytes: blob)
                let list = try await Command("/bin/tar", ["-tvzf", archive, "--numeric-owner"]).run().succeeded().text
                #expect(list.split(separator: "\n").allSatisfy { !$0.prefix(10).contains("s") }, "\(list)")
                for line in list.split(separator: "\n") where line.contains(" srv/") && line.hasPrefix("-") {
                    let words = line.split(separator: " ")
                    let name = String(words[words.count - 1])
                    let text = try await Command("/bin/tar", ["-xzOf", archive, name]).run().succeeded().text
                    content[name] = "\(words[1]) \(text)"
                }
            }
            return content
        }
    }
}

extension Installation {
    /// A repository whose Dockerfile has the lines after `FROM`, and with it a file `hello.txt`.
    fileprivate func git(_ name: String, dockerfile lines: String) async throws -> GitClient {
        let base = try await TestBed.publish("local.test/busybox:1", as: "tests/base-\(run)")
        let git = try await git(name, building: "true")
        try await git("rm", "-q", "-r", ".slipway")
        try git.write("Dockerfile", "FROM \(base)\n\(lines)\n")
        try git.write("hello.txt", "hello\n")
        try await git.commit()
        return git
    }
}
