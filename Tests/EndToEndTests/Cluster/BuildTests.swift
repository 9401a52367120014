import Glibc
import Testing

extension ClusterTests {
    @Suite("Building in Jobs")
    struct BuildTests {
        @Test(
            "a push through the Service builds in a Job: live log, artifact, record; the Job goes when its time is over"
        )
        func push() async throws {
            let site = try await Installation.ready()
            let app = site.app("live")
            let git = try await site.git(
                app,
                building: """
                    echo "first of $SLIPWAY_APP at $SLIPWAY_COMMIT"
                    \(GitClient.waitForLeave)
                    echo last; mkdir -p "$SLIPWAY_OUTPUT/bin"; echo made >"$SLIPWAY_OUTPUT/bin/tool"
                    """)
            let commit = try await git("rev-parse", "HEAD")
            let start = ContinuousClock.now
            let push = try git.startPush(app, "main")
            try await push.isTold("remote: first of \(app) at \(commit)")
            print("a push's first line of output after \(ContinuousClock.now - start)")
            let pod = try await site.builds.running(app)
            // The build waits: what has been read came while it ran.
            #expect(push.process.ending == nil && !push.messages.contains("last"))
            let job = try #require(try await site.builds.jobs(of: app).first)
            let id = try #require(job["metadata", "labels", "slipway.dev/build"]?.string)
            #expect(job.name == "build-\(app)-\(id.lowercased())")
            #expect(job["metadata", "annotations", "slipway.dev/commit"]?.string == commit)
            #expect(job["metadata", "annotations", "slipway.dev/user"]?.string == "alice")
            #expect(job["spec", "backoffLimit"]?.number == 0)
            let images = (pod["spec", "initContainers"]?.elements ?? []).compactMap { $0["image"]?.string }
            #expect(images == [try Overlay.image, "debian:bookworm"])

            try await site.builds.giveLeave(app)
            let result = try await push.result(within: .seconds(60)).accepted()
            #expect(result.told.contains("last") && result.messages.contains("-----> Built \(app) "), "\(result)")
            #expect(try await git.remoteMain(app) == commit)
            try await site.builds.areGone(app, within: .seconds(Overlay.keepFinished + 30))

            let store = try await site.store()
            let record = try await store.record(of: app)
            #expect(record.outcome == "succeeded" && record.executor == "kubernetes" && record.recipe == "script")
            #expect(record.commit == commit && record.user == "alice" && record.ref == "refs/heads/main")
            let log = String(decoding: try await store.read(try #require(record.log).key), as: UTF8.self)
            #expect(log.contains("first of \(app) at \(commit)\nlast\n"), "\(log)")
            let artifact = try #require(record.artifact)
            let archive = try git.ssh.directory.write("\(app).tar.gz", bytes: try await store.read(artifact.key))
            #expect(try await HostFile.sha256(archive) == artifact.sha256)
            let names = try await Command("/bin/tar", ["-tzf", archive]).run().succeeded().text
            #expect(names.split(separator: "\n").contains { $0.hasSuffix("bin/tool") }, "\(names)")
        }

        @Test("a Makefile builds, and a build that fails refuses its ref")
        func outcomes() async throws {
            let site = try await Installation.ready()
            let (made, failed) = (site.app("made"), site.app("failing"))
            let git = try await site.git("outcomes", building: "echo before; exit 3")
            let makefile = try await site.git("makefile", building: "true")
            try await makefile("rm", "-q", "-r", ".slipway")
            try makefile.write("Makefile", "all:\n\t@echo made by make\n")
            try await makefile.commit()
            async let failing = git.pushMain(failed)
            async let making = makefile.pushMain(made)
            let (refusal, success) = try await (failing, making)
            #expect(success.status == 0 && success.told.contains("made by make"), "\(success)")
            #expect(refusal.status == 1 && refusal.told.contains("before"), "\(refusal)")
            #expect(refusal.messages.contains("[remote rejected] main -> main (build failed with exit code 3)"))
            #expect(try await git.remoteMain(failed) == nil)
            let record = try await site.store().record(of: failed)
            #expect(record.outcome == "failed" && record.exitCode == 3)
        }

        @Test("logs are read, sweeps tried and apps deleted by the program in the server's pod")
        func commands() async throws {
            let site = try await Installation.ready()
            let app = site.app("commanded")
            let git = try await site.git(app, building: "echo built in a Job")
            try await git.pushMain(app).accepted()
            func slipway(_ words: String...) async throws -> String {
                let result = try await Installation.kubectl.run(
                    ["exec", "deployment/slipway", "-c", "slipway", "--", "slipway"] + words)
                #expect(result.status == 0, "\(result)")
                return result.text
            }
            let log = try await slipway("log", app)
            #expect(log.contains("built in a Job\n"), "\(log)")
            let sweep = try await slipway("sweep", "--dry-run")
            #expect(sweep.contains("would delete "), "\(sweep)")
            _ = try await slipway("app", "delete", app, "--yes")
            let store = try await site.store()
            #expect(try await store.records(of: app).isEmpty)
            // A new one by that name begins with nothing.
            try await git.pushMain(app).accepted()
            #expect(try await store.records(of: app).count == 1)
        }

        @Test("Ctrl-C deletes the Job and its pod")
        func interrupted() async throws {
            let site = try await Installation.ready()
            let app = site.app("interrupted")
            let git = try await site.git(app, building: "echo here; sleep 600")
            let push = try git.startPush(app, "main")
            try await push.isTold("remote: here")
            push.process.signalGroup(SIGINT)
            let start = ContinuousClock.now
            try await site.builds.areGone(app, within: .seconds(30))
            print("a cancelled build's Job and pod are gone after \(ContinuousClock.now - start)")
            #expect(try await git.remoteMain(app) == nil)
            let store = try await site.store()
            try await Installation.kubectl.eventually("the record says so") {
                try await store.records(of: app).map(\.outcome) == ["cancelled"]
            }
        }
    }
}
