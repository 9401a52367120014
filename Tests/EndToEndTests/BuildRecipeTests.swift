import FoundationEssentials
import Glibc
import Testing

extension EndToEnd {
    @Suite("What is built, and what is kept of it")
    struct BuildRecipeTests {
        @Test("a script builds: artifact, log, record and source are kept, and the ref moves")
        func script() async throws {
            let site = try await Site.start()
            let git = try await site.git(
                building: """
                    echo "building $SLIPWAY_APP of $SLIPWAY_REF at $SLIPWAY_COMMIT as build $SLIPWAY_BUILD_ID"
                    echo "to standard error" >&2
                    [ "$PWD" = "$SLIPWAY_SOURCE" ] && cat docs/read\\ me.txt
                    mkdir -p "$SLIPWAY_OUTPUT/bin"
                    printf 'program' > "$SLIPWAY_OUTPUT/bin/run" && chmod +x "$SLIPWAY_OUTPUT/bin/run"
                    ln -s bin/run "$SLIPWAY_OUTPUT/start"
                    echo "left behind" > "$SLIPWAY_OUTPUT/notes.txt"
                    """)
            try git.write("docs/read me.txt", "Über\n")
            let commit = try await git.commit()

            let push = try await git.push("blog", "main").succeeded()
            #expect(try await site.refs("blog") == ["refs/heads/main": commit])

            let builds = site.builds(of: "blog")
            let record = try builds.only
            #expect(record.id == builds.ids[0])
            #expect(record.app == "blog" && record.commit == commit && record.ref == "refs/heads/main")
            #expect(record.user == "alice" && record.executor == "local" && record.recipe == "script")
            #expect(record.outcome == "succeeded" && record.exitCode == 0)
            #expect(Set(record.phases.keys) == ["unpack", "build", "artifact"])
            #expect(record.startedAt.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
            #expect(record.startedAt <= record.finishedAt)

            let artifact = try #require(record.artifact)
            #expect(artifact.key == "apps/blog/builds/\(record.id)/artifact.tar.gz")
            #expect(try builds.read(artifact.key).count == artifact.size)
            #expect(try await HostFile.sha256(builds.path(artifact.key)) == artifact.sha256)
            let unpacked = try await builds.unpack(artifact.key)
            #expect(try HostFile.paths(below: unpacked) == ["bin", "bin/run", "notes.txt", "start"])
            #expect(try HostFile.mode(unpacked + "/bin/run") == 0o755)
            #expect(try HostFile.mode(unpacked + "/notes.txt") == 0o644)
            #expect(try HostFile.read(unpacked + "/start") == Array("program".utf8))

            let log = try #require(record.log)
            #expect(log.key == "apps/blog/builds/\(record.id)/log")
            let logged = String(decoding: try builds.read(log.key), as: UTF8.self)
            #expect(logged.utf8.count == log.size)
            for line in [
                "building blog of refs/heads/main at \(commit) as build \(record.id)", "to standard error", "Über",
            ] {
                #expect(logged.contains(line + "\n"))
                #expect(push.messages.contains("remote: \(line)"))
            }

            let source = try #require(record.source)
            #expect(source.key == "apps/blog/sources/\(commit).tar.gz")
            let names = try await builds.names(inArchive: source.key)
            #expect(names.filter { !$0.hasSuffix("/") } == [".slipway/build", "docs/read me.txt"])
            let tree = try await builds.unpack(source.key)
            #expect(try HostFile.mode(tree + "/.slipway/build") == 0o755)
            #expect(try HostFile.read(tree + "/docs/read me.txt") == Array("Über\n".utf8))
        }

        @Test("a Makefile builds with make")
        func makefile() async throws {
            let site = try await Site.start()
            let git = try await site.git()
            try git.write("Makefile", "all:\n\t@echo made by make\n\t@cp Makefile $(SLIPWAY_OUTPUT)/kept\n")
            try await git.commit()
            let push = try await git.push("blog", "main").succeeded()
            #expect(push.messages.contains("-----> Running make"))
            #expect(push.messages.contains("made by make"))
            let record = try site.builds(of: "blog").only
            #expect(record.recipe == "makefile" && record.outcome == "succeeded")
            #expect(try await site.builds(of: "blog").names(inArchive: #require(record.artifact).key) == ["kept"])
        }

        @Test("a Dockerfile builds with buildah", .enabled(if: HostFile.exists("/usr/bin/buildah")))
        func dockerfile() async throws {
            let site = try await Site.start()
            let git = try await site.git()
            try git.write("Dockerfile", "FROM scratch\nCOPY hello.txt /hello.txt\nCMD [\"/hello.txt\"]\n")
            try git.write("hello.txt", "hello\n")
            // What a Dockerfile wins over.
            try git.write("Makefile", "all:\n\tfalse\n")
            try await git.commit()
            let push = try await git.push("blog", "main").succeeded()
            #expect(push.messages.contains("-----> Building the Dockerfile with buildah"))
            let record = try site.builds(of: "blog").only
            #expect(record.recipe == "dockerfile" && record.outcome == "succeeded")
            let folder = try await site.builds(of: "blog").unpack(#require(record.artifact).key)
            #expect(try HostFile.paths(below: folder) == ["image.tar"])
            let image = try await Command("/bin/tar", ["-tf", folder + "/image.tar"]).run().succeeded()
            #expect(image.text.contains("oci-layout") && image.text.contains("index.json"))
        }

        @Test("a script wins over a Dockerfile and a Makefile")
        func scriptWins() async throws {
            let site = try await Site.start()
            let git = try await site.git(building: "echo the script")
            try git.write("Dockerfile", "FROM nothing\n")
            try git.write("Makefile", "all:\n\tfalse\n")
            try await git.commit()
            #expect(try await git.push("blog", "main").succeeded().messages.contains("remote: the script"))
            #expect(try site.builds(of: "blog").only.recipe == "script")
        }

        @Test("without anything to build, a push is told what is looked for, and changes nothing")
        func nothing() async throws {
            let site = try await Site.start()
            let git = try await site.git()
            try git.write("README", "Nothing to see\n")
            try await git.commit()
            let push = try await git.push("blog", "main")
            #expect(push.status == 1)
            let looked = "looked for an executable .slipway/build, then a Dockerfile, then a Makefile"
            #expect(push.messages.contains(looked))
            #expect(push.messages.contains("main was not created"))
            #expect(push.messages.contains("! [remote rejected] main -> main (nothing to build)"))
            #expect(try await site.refs("blog").isEmpty)
            #expect(site.builds(of: "blog").ids.isEmpty)
        }

        @Test("a script that is not executable is refused with the command that mends it, which does")
        func notExecutable() async throws {
            let site = try await Site.start()
            let git = try await site.git()
            try git.write(".slipway/build", "#!/bin/sh\necho runs now\n")
            // What must not be taken instead: somebody meant the script.
            try git.write("Makefile", "all:\n\techo made\n")
            try await git.commit()
            let push = try await git.push("blog", "main")
            #expect(push.status == 1)
            #expect(push.messages.contains(".slipway/build is there but not executable"))
            let mend = try #require(push.messages.firstMatch(of: /run "(git update-index .*?)"/))
            #expect(try await site.refs("blog").isEmpty)

            try await git.shell("\(mend.1) && git commit -q -m 'Make it executable'")
            #expect(try await git.push("blog", "main").succeeded().messages.contains("remote: runs now"))
        }

        @Test("without buildah, a Dockerfile is refused with what to install", .enabled(if: geteuid() == 0))
        func withoutBuildah() async throws {
            let site = try await WrappedSite.start(wrap: WrappedSite.without("buildah"))
            let git = try await site.git()
            try git.write("Dockerfile", "FROM scratch\n")
            try await git.commit()
            let push = try await git.push("blog", "main")
            #expect(push.status == 1)
            #expect(push.messages.contains("buildah is not installed on this server (apt-get install buildah)"))

            try git.write("Makefile", "all:\n\t@echo made instead\n")
            try await git.commit()
            #expect(try await git.push("blog", "main").succeeded().messages.contains("made instead"))
        }

        @Test("a branch that is no deploy branch is stored, not built, and says so; several deploy branches each build")
        func branches() async throws {
            let site = try await Site.start("--deploy-branches", "main,live")
            let git = try await site.git(building: "echo \"building $SLIPWAY_REF\"")
            try await git("checkout", "-q", "-b", "topic")
            let stored = try await git.push("blog", "topic").succeeded()
            #expect(stored.messages.contains("(stored; only main and live build)"))
            #expect(!stored.messages.contains("building refs"))
            try await git("checkout", "-q", "-b", "live")
            try await git.commit("Another")
            let built = try await git.push("blog", "main", "live").succeeded()
            #expect(built.messages.contains("building refs/heads/main"))
            #expect(built.messages.contains("building refs/heads/live"))
            #expect(site.builds(of: "blog").ids.count == 2)
        }
    }
}
