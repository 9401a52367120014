import Glibc
import Testing

extension EndToEnd {
    @Suite("Shutdown")
    struct SupervisionDrainTests {
        @Test("SIGTERM in the middle of a push lets it finish, and ends the server with 0")
        func pushFinishes() async throws {
            let site = try await Site.start()
            let git = try await site.git(building: "echo started\n\(GitClient.waitForLeave)\necho finished")
            let commit = try await git("rev-parse", "HEAD")
            let push = try git.startPush("blog", "main")
            try await push.says("remote: started")
            #expect(try await site.server.get("/readyz").status == 200)

            site.server.process.signal(SIGTERM)
            _ = try await site.server.logLine("draining: no more connections")
            #expect(try await site.server.get("/livez").status == 200)
            let readiness = try await site.server.get("/readyz")
            #expect(readiness.status == 503, "\(readiness)")
            #expect(try await site.server.get("/startupz").status == 200)
            // Nobody new is let in.
            try await eventually("the port is closed") { try await site.ssh().run("ping").status == 255 }
            #expect(push.process.ending == nil)

            try site.giveLeave()
            #expect(try await push.result().succeeded().messages.contains("remote: finished"))
            #expect(try await site.server.process.wait(within: .seconds(10)) == .exited(0))
            #expect(try await site.refs("blog") == ["refs/heads/main": commit])
            #expect(site.server.log.contains { $0.message == "stopped" })
        }

        @Test("a SIGTERM in the middle of a pack lets the push finish")
        func packFinishes() async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git()
            try await git.commitNoise(megabytes: 60)
            let push = try git.startPush("blog", "main")
            try await eventually("the server has some of the pack") { site.quarantinedBytes("blog") > 100_000 }
            site.server.process.signal(SIGTERM)
            try await push.result().succeeded()
            #expect(try await site.server.process.wait(within: .seconds(10)) == .exited(0))
            #expect(try await site.refs("blog").count == 1)
        }

        @Test("while the drain's delay runs, pushes are still accepted and the server says that it is not ready")
        func delay() async throws {
            let site = try await Site.start("--drain-delay", "10s")
            let git = try await site.git(building: "echo built in the delay")
            site.server.process.signal(SIGTERM)
            _ = try await site.server.logLine("draining: still accepting")
            #expect(try await site.server.get("/readyz").status == 503)
            #expect(try await site.server.get("/livez").status == 200)
            #expect(try await git.push("blog", "main").succeeded().messages.contains("built in the delay"))
            #expect(try await site.server.process.wait(within: .seconds(60)) == .exited(0))
        }

        @Test(
            "a push that outlasts the grace period is told of the restart; nothing changes, and the server ends with 0")
        func graceEnds() async throws {
            // 10 s of it are kept for the end itself, so commands have two.
            let site = try await Site.start("--drain-grace-period", "12s")
            let nap = HostProcesses.uniqueNap()
            let git = try await site.git(building: "echo first")
            let commit = try await git("rev-parse", "HEAD")
            try await git.push("blog", "main").succeeded()
            try git.writeBuild("echo started\nsleep \(nap)")
            try await git.commit("Slow")
            let push = try git.startPush("blog", "main")
            try await push.says("remote: started")
            let waiting = try git.startPush("blog", "main:next")
            try await waiting.says("you are next")

            let start = ContinuousClock.now
            site.server.process.signal(SIGTERM)
            for running in [push, waiting] {
                let result = try await running.result(within: .seconds(12))
                #expect(result.status == 1)
                let words = "The builder is restarting. Push again in a moment. Nothing was changed."
                #expect(result.messages.contains(words), "\(result)")
                #expect(result.messages.contains(/! \[remote rejected\] main -> \w+ \(the builder is restarting\)/))
            }
            #expect(try await site.server.process.wait(within: .seconds(12)) == .exited(0))
            print("grace period of 12 s: pushes told and server ended after \(ContinuousClock.now - start)")
            #expect(ContinuousClock.now - start < .seconds(12))
            #expect(try await site.refs("blog") == ["refs/heads/main": commit])
            #expect(HostProcesses.with(argument: nap).isEmpty)
            #expect(site.leftovers(of: "blog").isEmpty)
            #expect(site.builds(of: "blog").records.map(\.outcome) == ["succeeded", "cancelled"])
        }

        @Test("a signal that comes again at once is taken for one: the push finishes", arguments: [SIGTERM, SIGINT])
        func sameSignal(signal: Int32) async throws {
            let site = try await Site.start()
            let git = try await site.git(building: "echo started\n\(GitClient.waitForLeave)\necho finished")
            let push = try git.startPush("blog", "main")
            try await push.says("remote: started")
            site.server.process.signal(signal)
            // Until the first is taken, the kernel makes one of both.
            _ = try await site.server.logLine("shutting down")
            site.server.process.signal(signal)
            _ = try await site.server.logLine("the same signal again: taken for one; send it again to end at once")
            try site.giveLeave()
            #expect(try await push.result().succeeded().messages.contains("remote: finished"))
            #expect(try await site.server.process.wait(within: .seconds(10)) == .exited(0))
        }

        @Test("another signal is never taken for the first: it ends the server at once")
        func otherSignal() async throws {
            let site = try await Site.start()
            let git = try await site.git(building: "echo started\n\(GitClient.waitForLeave)")
            let push = try git.startPush("blog", "main")
            try await push.says("remote: started")
            site.server.process.signal(SIGINT)
            _ = try await site.server.logLine("shutting down")
            #expect(try await site.server.stop(SIGTERM, within: .seconds(30)) == .exited(128 + SIGTERM))
            #expect(try await push.result().status != 0)
        }

        @Test(
            "a second signal ends the server at once, and its builds with it; the push is told",
            arguments: [SIGTERM, SIGINT])
        func secondSignal(signal: Int32) async throws {
            let site = try await Site.start()
            let nap = HostProcesses.uniqueNap()
            let git = try await site.git(building: "setsid sleep \(nap) & echo started\nsleep \(nap)")
            let push = try git.startPush("blog", "main")
            try await push.says("remote: started")
            site.server.process.signal(signal)
            _ = try await site.server.logLine("draining: no more connections")
            #expect(site.server.process.ending == nil)

            // What comes within a second of the first is taken for the same.
            let first = ContinuousClock.now
            try await eventually("a second has passed") { ContinuousClock.now - first > .milliseconds(1100) }
            let start = ContinuousClock.now
            #expect(try await site.server.stop(signal, within: .seconds(30)) == .exited(128 + signal))
            try await eventually("the build is gone", within: .seconds(30)) {
                HostProcesses.with(argument: nap).isEmpty
            }
            print("second signal: server and build gone after \(ContinuousClock.now - start)")
            let told = try await push.result()
            #expect(told.status != 0)
            #expect(told.messages.contains("The builder is restarting. Push again in a moment. Nothing was changed."))
            #expect(try await site.refs("blog").isEmpty)
        }

        @Test(
            "an idle server ends soon and with 0, also with a client that is only connected",
            arguments: [SIGTERM, SIGINT])
        func idle(signal: Int32) async throws {
            let site = try await Site.start("--log-level", "debug")
            let client = try site.ssh().command([], flags: ["-N"]).start()
            _ = try await site.server.logLine("logged in")
            let start = ContinuousClock.now
            #expect(try await site.server.stop(signal, within: .seconds(8)) == .exited(0))
            print("idle server with one client ended after \(ContinuousClock.now - start)")
            #expect(try await client.result().messages.contains("The builder is restarting"))
        }

        @Test("a server that was killed leaves no build running, and its successor cleans up and serves")
        func crash() async throws {
            let site = try await Site.start()
            let nap = HostProcesses.uniqueNap()
            let git = try await site.git(building: "echo started\nsleep \(nap)")
            let push = try git.startPush("blog", "main")
            try await push.says("remote: started")
            try await eventually("the build runs") { !HostProcesses.with(argument: nap).isEmpty }
            #expect(try await site.server.stop(SIGKILL) == .signalled(SIGKILL))
            try await eventually("the build is gone", within: .seconds(5)) {
                HostProcesses.with(argument: nap).isEmpty
            }
            #expect(try await push.result().status != 0)
            #expect(!site.leftovers(of: "blog").isEmpty)

            let next = try await SlipwayServer.start(
                in: site.directory, name: "next", arguments: Site.flags(site.directory))
            // The check of the sandbox has a folder there for a moment, too.
            try await eventually("nothing is left") { site.leftovers(of: "blog").isEmpty }
            try git.writeBuild("echo fine now")
            try await git.commit("Fine")
            let ssh = SSHClient(key: try site.key(), port: next.sshPort, directory: site.directory)
            let again = GitClient(directory: git.directory, ssh: ssh)
            #expect(try await again.push("blog", "main").succeeded().messages.contains("remote: fine now"))
        }
    }
}
