import FoundationEssentials
import Glibc
import Testing

extension EndToEnd {
    /// Old builds go, from files and from a real bucket.
    @Suite("Sweeping")
    struct SweepTests {
        /// A build and what it was of.
        private struct Build {
            var id: String
            let commit: String
        }

        private static let policy = ["--retention-keep-builds", "1", "--retention-keep-for", "1s"]
        /// Nothing that is younger than a build may take is swept, so answers are made to tell of another year.
        private static let aging =
            #"re.sub(rb"(<Initiated>|<LastModified>|Last-Modified: \w+, \d+ \w+ )\d{4}", rb"\g<1>2001", data) "#
            + "if os.path.exists(sys.argv[3]) else data"
        /// The beginnings of ids of the year 2016, the oldest first.
        private static let years = ["01ARZ3NDEK", "01ARZ3NDEM", "01ARZ3NDEN", "01ARZ3NDEP"]

        /// A build that succeeds, and then three that fail; each takes a second, the unit of S3's times.
        ///
        /// - Returns: The builds, oldest first.
        private static func push(to site: Site) async throws -> [Build] {
            let git = try await site.git(building: "sleep 1; echo good; echo kept > $SLIPWAY_OUTPUT/file")
            let good = try await git.push("blog", "main").succeeded()
            var builds = [Build(id: try good.pushID, commit: try await git("rev-parse", "HEAD"))]
            for number in 1...3 {
                try git.writeBuild("sleep 1; echo bad \(number); exit \(number)")
                let commit = try await git.commit("Broken \(number)")
                let push = try await git.push("blog", "main")
                #expect(push.status == 1, "\(push)")
                builds.append(Build(id: try push.pushID, commit: commit))
            }
            return builds
        }

        /// Makes builds old: by their names, and files of sources by their times.
        ///
        /// - Returns: The builds with their new names.
        private static func age(_ builds: [Build], in site: Site, _ s3: S3Server?) async throws -> [Build] {
            var aged = builds
            for (index, year) in years.enumerated() {
                aged[index].id = year + builds[index].id.dropFirst(year.count)
                let (old, new) = ("apps/blog/builds/\(builds[index].id)", "apps/blog/builds/\(aged[index].id)")
                if let s3 {
                    try await s3.move(old, to: new)
                } else {
                    let stored = site.builds(of: "blog")
                    try FileManager.default.moveItem(atPath: stored.path(old), toPath: stored.path(new))
                    let source = stored.path("apps/blog/sources/\(builds[index].commit).tar.gz")
                    let touching = [
                        stored.path(new), source, "-exec", "touch", "-d", "2016-01-0\(index + 1)", "{}", "+",
                    ]
                    try await Command("/usr/bin/find", touching).run().succeeded()
                }
            }
            return aged
        }

        /// The keys of all that is of builds: those of the health check come and go.
        private static func keys(_ site: Site, _ s3: S3Server?) async throws -> [String] {
            try await site.keys(s3).filter { !$0.hasPrefix("health/") }
        }

        /// What is left of four builds when all but the newest and the last good one have gone.
        private static func remaining(_ builds: [Build]) -> [String] {
            let (good, newest) = (builds[0], builds[3])
            let kept = ["build.json", "log"].flatMap { name in [good, newest].map { "\($0.id)/\(name)" } }
            return
                ((kept + ["\(good.id)/artifact.tar.gz"]).map { "apps/blog/builds/\($0)" }
                + [good, newest].map { "apps/blog/sources/\($0.commit).tar.gz" }).sorted()
        }

        @Test(
            "`slipway sweep` deletes what is old, and leaves the newest and the last that succeeded, with their sources",
            arguments: StorageKind.allCases)
        func sweep(_ kind: StorageKind) async throws {
            try await kind.withSite("--retention-interval", "0s") { site, s3 in
                let builds = try await Self.age(try await Self.push(to: site), in: site, s3)
                try site.directory.write("old", "")
                let aging = try await s3.asyncMap {
                    try await PythonProxy(
                        before: $0.port, in: site.directory, [site.directory("old")], changed: Self.aging)
                }
                let storage = s3?.flags(through: aging?.port) ?? []
                func slipway(_ words: String...) async throws -> CommandResult {
                    let settings = ["--data-dir", site.directory("data")] + storage
                    return try await Command(try SlipwayProgram.path, words + settings).run()
                }
                let before = try await Self.keys(site, s3)
                // Four sources, logs and records, one artifact.
                #expect(before.count == 13, "\(before)")

                let dry = try await slipway("sweep", "--dry-run", "--retention-keep-builds", "1").succeeded().text
                for gone in builds[1...2] {
                    #expect(dry.contains("would delete build \(gone.id) of blog: 2 objects"), "\(dry)")
                    #expect(dry.contains("would delete source \(gone.commit) of blog"), "\(dry)")
                }
                for kept in [builds[0], builds[3]] {
                    #expect(!dry.contains(kept.id))
                    #expect(!dry.contains(kept.commit))
                }
                #expect(try await Self.keys(site, s3) == before)

                let sweep = try await slipway("sweep", "--retention-keep-builds", "1").succeeded().text
                #expect(sweep == dry.replacing("would delete", with: "deleted"))
                #expect(sweep.contains("deleted 6 objects"))
                #expect(sweep.contains("kept 2 builds and 2 sources of 1 app"))
                #expect(try await Self.keys(site, s3) == Self.remaining(builds))
                #expect(try await slipway("log", "blog", "--build", builds[0].id).succeeded().text.contains("good"))
                #expect(try await slipway("log", "blog", "--build", builds[1].id).status == 1)
                let again = try await slipway("sweep", "--retention-keep-builds", "1").succeeded().text
                #expect(again.hasPrefix("deleted 0 objects"), "\(again)")

                let git = try site.clone("work")
                try git.writeBuild("echo mended")
                try await git.commit("Mend it")
                try await git.push("blog", "main").succeeded()
            }
        }

        @Test("the running server sweeps by itself, and removes uploads that a crash interrupted, but nobody else's")
        func background() async throws {
            let directory = try TemporaryDirectory()
            let s3 = try await S3Server.start(in: directory)
            defer { s3.stop() }
            let proxy = try await PythonProxy(
                before: s3.port, in: directory, [directory("old")], changed: Self.aging)
            let flags = s3.flags(through: proxy.port)
            let site = try await Site.start(flags: flags + Self.policy + ["--retention-interval", "1s"])
            var builds = try await Self.push(to: site)
            try await s3.beginUpload("apps/blog/builds/\(builds[0].id)/artifact.tar.gz")
            try await s3.beginUpload("backups/of-somebody-else")
            // With their real ages all stay, although the server looks each second.
            try await eventually("the server has swept") {
                (try await site.server.metrics()["slipway_sweep_runs_total{result=\"ok\"}"] ?? 0) >= 2
            }
            #expect(try await s3.uploads().count == 2)
            #expect(try await Self.keys(site, s3).count == 13)

            builds = try await Self.age(builds, in: site, s3)
            try directory.write("old", "")
            let line = try await site.server.logLine("interrupted uploads removed")
            #expect(line["uploads"] == "1")
            #expect(try await s3.uploads() == ["backups/of-somebody-else"])
            try await eventually("what is old has gone") {
                try await Self.keys(site, s3) == Self.remaining(builds)
            }

            // By hand, while the server does not.
            site.server.process.signal(SIGSTOP)
            defer { site.server.process.signal(SIGCONT) }
            try await s3.beginUpload("apps/shop/sources/x.tar.gz")
            let words = ["sweep", "--data-dir", site.directory("data")]
            let swept = try await Command(try SlipwayProgram.path, words + flags).run().succeeded().text
            #expect(swept.contains("removed 1 interrupted upload\n"), "\(swept)")
            #expect(try await s3.uploads() == ["backups/of-somebody-else"])
        }
    }
}

extension Optional {
    /// The value of `transform`, if there is something to transform.
    fileprivate func asyncMap<Other>(_ transform: (Wrapped) async throws -> Other) async throws -> Other? {
        if let self { try await transform(self) } else { nil }
    }
}
