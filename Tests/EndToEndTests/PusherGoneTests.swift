import Glibc
import Testing

extension EndToEnd {
    @Suite("Pushers who go")
    struct PusherGoneTests {
        /// How soon the app must be free after its pusher has gone.
        private static let freedom: Duration = .seconds(10)

        @Test(
            "Ctrl-C or a kill in the middle of a build ends it and frees the app at once",
            arguments: [SIGINT, SIGTERM, SIGKILL], ["bubblewrap", "none"])
        func duringBuild(signal: Int32, sandbox: String) async throws {
            let site = try await Site.start("--local-sandbox", sandbox)
            let nap = HostProcesses.uniqueNap()
            let git = try await site.git(
                building: "trap '' INT TERM HUP\nsetsid sleep \(nap) &\nsleep \(nap) &\necho started\nsleep \(nap)")
            let push = try git.startPush("blog", "main")
            try await push.says("remote: started")
            try await eventually("the build's processes run") { HostProcesses.with(argument: nap).count == 3 }

            let start = ContinuousClock.now
            push.process.signalGroup(signal)
            try await eventually("the build's processes are gone", within: Self.freedom) {
                HostProcesses.with(argument: nap).isEmpty
            }
            let processesGone = ContinuousClock.now - start
            // The app is free when a push gets its turn, which another branch's does without any build.
            try await git.push("blog", "main:next").succeeded()
            let nextDone = ContinuousClock.now - start
            print(
                "signal \(signal), \(sandbox): processes gone after \(processesGone), next push done after \(nextDone)")
            #expect(nextDone < Self.freedom)
            #expect(try await site.refs("blog").keys.sorted() == ["refs/heads/next"])
            let record = try site.builds(of: "blog").only
            #expect(record.outcome == "cancelled")
            #expect(record.log != nil)
            try await site.isQuiet("blog")
        }

        @Test("a client that is killed in the middle of its pack leaves nothing behind, and can push again at once")
        func duringPack() async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git()
            try await git.commitNoise(megabytes: 20)
            let push = try git.stalling(after: 5_000_000).startPush("blog", "main")
            try await eventually("the server has some of the pack") { site.quarantinedBytes("blog") > 1_000_000 }
            #expect(push.process.ending == nil)

            let start = ContinuousClock.now
            push.process.signalGroup(SIGKILL)
            try await git.push("blog", "main").succeeded()
            print("killed in its pack: next push of 20 MB done after \(ContinuousClock.now - start)")
            try await site.isQuiet("blog")
            let commit = try await git("rev-parse", "HEAD")
            #expect(try await site.refs("blog") == ["refs/heads/main": commit])
            _ = try await site.server.logLine("push cancelled: the client hung up")
        }

        @Test("a client that stops in the middle of its pack is given up after the idle time-out, and is told so")
        func silentPack() async throws {
            let site = try await Site.start("--executor", "none", "--git-idle-timeout", "2s")
            let git = try await site.git()
            try await git.commitNoise(megabytes: 10)
            let push = try git.stalling(after: 3_000_000).startPush("blog", "main")
            _ = try await site.server.logLine("push refused", within: .seconds(60)) {
                $0["reason"]?.contains("nothing came from the client for 2.0 s") == true
            }
            try await push.says("nothing came from the client for 2.0 s")
            try await site.isQuiet("blog", within: .seconds(10))
            try await git.push("blog", "main").succeeded()
        }

        /// A server that takes a client for gone after six seconds.
        private static func startImpatiently() async throws -> Site {
            try await Site.start("--ssh-keep-alive-interval", "3s", "--ssh-keep-alive-count", "2")
        }

        @Test("a client that no longer answers is gone after the keep-alives, and its build with it")
        func frozen() async throws {
            let site = try await Self.startImpatiently()
            let nap = HostProcesses.uniqueNap()
            let git = try await site.git(building: "echo started; exec sleep \(nap)")
            let push = try git.startPush("blog", "main")
            try await push.says("remote: started")
            let start = ContinuousClock.now
            push.process.signalGroup(SIGSTOP)
            try await eventually("the build is gone", within: .seconds(60)) {
                HostProcesses.with(argument: nap).isEmpty
            }
            print("frozen client: its build was gone after \(ContinuousClock.now - start)")
            try await git.push("blog", "main:next").succeeded()
        }

        @Test("a client that stays through a silent build is not taken for gone by the keep-alives")
        func patient() async throws {
            let site = try await Self.startImpatiently()
            let git = try await site.git(building: "sleep 10; echo done")
            #expect(try await git.push("blog", "main").succeeded().messages.contains("remote: done"))
        }
    }
}
