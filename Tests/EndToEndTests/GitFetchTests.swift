import FoundationEssentials
import Testing

extension EndToEnd {
    @Suite("Clone and fetch")
    struct GitFetchTests {
        @Test("clones and fetches speak protocol 0, 1 and 2", arguments: [0, 1, 2])
        func protocols(_ version: Int) async throws {
            let site = try await Site.start("--executor", "none")
            var git = try await Self.history(site, "blog")
            git.environment["GIT_TRACE_PACKET"] = site.directory("trace")
            try await git(
                "-c", "protocol.version=\(version)", "clone", "-q", git.remote("blog"), site.directory("clone"))
            let trace = try site.directory.read("trace")
            #expect(trace.contains("< version \(version)") == (version > 0))
            let clone = try site.clone("clone")
            #expect(try await clone("rev-parse", "HEAD") == git("rev-parse", "main"))

            let next = try await git.commit("next")
            try await git("tag", "v1")
            try await git("push", "-q", git.remote("blog"), "main", "v1")
            try await clone("-c", "protocol.version=\(version)", "pull", "-q", "--ff-only", "--tags")
            #expect(try await clone("rev-parse", "HEAD", "v1") == "\(next)\n\(next)")
            let upToDate = try await clone.run("-c", "protocol.version=\(version)", "fetch")
            #expect(upToDate.status == 0 && upToDate.messages.isEmpty, "\(upToDate)")
            try await clone("fsck", "--full")
        }

        @Test("a shallow clone has one commit, can be deepened, and can push", arguments: [0, 2])
        func shallow(_ version: Int) async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await Self.history(site, "blog")
            let configuration = "protocol.version=\(version)"
            try await git(
                "-c", configuration, "clone", "-q", "--depth", "1", git.remote("blog"), site.directory("shallow"))
            let shallow = try site.clone("shallow")
            #expect(try await shallow("rev-list", "--count", "HEAD") == "1")

            // Its base is here, so its push is as good as any.
            try shallow.write("more.txt", "more")
            let pushed = try await shallow.commit("from a shallow clone")
            let push = try await shallow.push("blog", "main")
            #expect(push.status == 0, "\(push)")
            #expect(try await site.refs("blog") == ["refs/heads/main": pushed])

            // In an app where its base is not, it would leave a broken history.
            let elsewhere = try await shallow.push("other", "main")
            #expect(elsewhere.status == 1)
            #expect(elsewhere.messages.contains("git fetch --unshallow"), "\(elsewhere)")
            #expect(try await site.refs("other").isEmpty)
            // What was refused leaves nothing behind that would make it pass the second time.
            #expect(try await shallow.push("other", "main").status == 1)

            try await shallow("-c", configuration, "fetch", "-q", "--deepen", "1")
            #expect(try await shallow("rev-list", "--count", "HEAD") == "3")
            try await shallow("-c", configuration, "fetch", "-q", "--unshallow")
            #expect(try await shallow("rev-list", "--count", "HEAD") == "6")
            #expect(try await shallow.push("other", "main").status == 0)
            #expect(try await git.run("fetch", "-q", "--shallow-since=2001-01-01", git.remote("blog")).status == 0)
        }

        @Test(
            "a partial clone leaves files out and fetches them when they are wanted",
            arguments: ["blob:none", "tree:0"])
        func partial(_ filter: String) async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await Self.history(site, "blog")
            try await git(
                "clone", "-q", "--no-checkout", "--filter=\(filter)", git.remote("blog"), site.directory("partial"))
            let partial = try site.clone("partial")
            let missing = "git rev-list --objects --all --missing=print | grep -c '^?'"
            #expect(Int(try await partial.shell(missing).text) ?? 0 > 0)
            try await partial("checkout", "-q", "main")
            #expect(try await partial("show", "HEAD~3:file-1.txt") == git("show", "HEAD~3:file-1.txt"))
            try partial.write("more.txt", "more")
            try await partial.commit("from a partial clone")
            #expect(try await partial.push("blog", "main").status == 0)
        }

        @Test("single branches, tags and commits can be fetched, and bundles of refs listed")
        func selective() async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await Self.history(site, "blog")
            try await git("tag", "-a", "-m", "A release", "v1", "main~2")
            try await git("push", "-q", git.remote("blog"), "v1", "main~1:refs/heads/side")
            let listed = try await git("ls-remote", "--symref", git.remote("blog"))
            #expect(listed.contains("ref: refs/heads/main\tHEAD"))
            #expect(listed.contains("refs/tags/v1^{}"))
            try await git(
                "clone", "-q", "--branch", "side", "--single-branch", git.remote("blog"), site.directory("side"))
            #expect(try await site.clone("side")("branch", "-r", "--format=%(refname)") == "refs/remotes/origin/side")
            try await git("clone", "-q", "--branch", "v1", "--depth", "1", git.remote("blog"), site.directory("v1"))
            #expect(try await site.clone("v1")("rev-parse", "HEAD") == git("rev-parse", "v1^{commit}"))
            let archive = try await git.run("archive", "--remote=\(git.remote("blog"))", "main")
            #expect(archive.status == 128 && archive.output.isEmpty, "not offered")
        }

        @Test("the first deploy branch that is pushed is what a clone checks out", arguments: ["master", "main"])
        func head(_ first: String) async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git()
            let commit = try await git.commit("one")
            let second = first == "main" ? "master" : "main"
            try await git("push", "-q", git.remote("blog"), "main:refs/heads/feature", "main:refs/heads/\(second)-not")
            try await git("push", "-q", git.remote("blog"), "main:refs/heads/\(first)")
            try await git.commit("two")
            try await git("push", "-q", git.remote("blog"), "main:refs/heads/\(second)")
            try await git("clone", "-q", git.remote("blog"), site.directory("clone"))
            let clone = try site.clone("clone")
            #expect(try await clone("symbolic-ref", "HEAD") == "refs/heads/\(first)")
            #expect(try await clone("rev-parse", "HEAD") == commit)
        }

        @Test("branches of one's own choice can be deploy branches; the others are stored, and the pusher is told")
        func deployBranches() async throws {
            // With an executor, as without one there is no difference to tell; none of these is built.
            let site = try await Site.start("--deploy-branches", "live,production")
            let git = try await site.git()
            let commit = try await git.commit()
            try await git("tag", "v1")
            let push = try await git.push("blog", "main", "v1")
            #expect(push.status == 0)
            #expect(
                push.messages.contains("main is now \(commit.prefix(7)) (stored; only live and production build)"),
                "\(push)")
            #expect(try await site.refs("blog") == ["refs/heads/main": commit, "refs/tags/v1": commit])
            #expect(!push.messages.contains("Built"))
            #expect(!HostFile.exists(site.directory("data/store/objects/apps/blog/builds")))

            let live = try await git.push("blog", "main:live")
            #expect(live.status == 1, "an empty tree has nothing to build")
            #expect(live.messages.contains(".slipway/build"), "\(live)")
            #expect(try await site.refs("blog") == ["refs/heads/main": commit, "refs/tags/v1": commit])
        }

        /// A repository with five commits, pushed to an app.
        private static func history(_ site: Site, _ app: String) async throws -> GitClient {
            let git = try await site.git()
            for number in 1...5 {
                try git.write("file-\(number % 2).txt", "version \(number)\n")
                try git.write("folder/file.txt", "version \(number)\n")
                try await git.commit("commit \(number)")
            }
            try await git("push", "-q", git.remote(app), "main")
            return git
        }
    }
}
