import Glibc
import Testing

extension EndToEnd {
    @Suite("Several pushes to one app")
    struct PusherQueueTests {
        private static let slow = "echo started\n\(GitClient.waitForLeave)"

        @Test("a second push waits, is told for whom and what comes before, and then goes on, in order")
        func order() async throws {
            let site = try await Site.start(users: ["alice": ["*"], "bob": ["*"], "carol": ["*"]])
            let alice = try await site.git("a", building: Self.slow)
            let bob = try await site.git("b", building: "echo \"for bob\"", as: "bob")
            let carol = try await site.git("c", building: "echo \"for carol\"", as: "carol")
            let first = try alice.startPush("blog", "main")
            try await first.says("remote: started")
            let second = try bob.startPush("blog", "main:live")
            try await second.says("Waiting for a push by alice (running for ")
            try await second.says("); you are next")
            let third = try carol.startPush("blog", "main:other")
            try await third.says("you are number 2 in the queue")
            #expect(!second.messages.contains("Receiving"))

            try site.giveLeave()
            try await first.result().succeeded()
            try await second.result().succeeded()
            #expect(try await third.result().succeeded().messages.contains("Waiting for a push by "))
            let ended = site.server.log.filter { $0.message == "push ended" }.compactMap { $0["user"] }
            #expect(ended == ["alice", "bob", "carol"])
            let refs = try await site.refs("blog").keys.sorted()
            #expect(refs == ["refs/heads/live", "refs/heads/main", "refs/heads/other"])
        }

        @Test("of two pushes from the same start, the second finds after its wait that it is stale")
        func stale() async throws {
            let site = try await Site.start()
            let git = try await site.git(building: Self.slow)
            let other = try await site.git("other", building: "echo never")
            let first = try git.startPush("blog", "main")
            try await first.says("remote: started")
            let second = try other.startPush("blog", "main")
            try await second.says("you are next")
            try site.giveLeave()
            try await first.result().succeeded()
            let refused = try await second.result()
            #expect(refused.status == 1)
            #expect(refused.messages.contains("the ref has changed meanwhile: fetch first"), "\(refused)")
            #expect(!refused.messages.contains("never"))
            let commit = try await git("rev-parse", "HEAD")
            #expect(try await site.refs("blog") == ["refs/heads/main": commit])
        }

        @Test("a push gives up after the time limit of the queue, and is refused at once when the queue is full")
        func limits() async throws {
            let site = try await Site.start("--push-queue-length", "1", "--push-queue-timeout", "15s")
            let git = try await site.git(building: Self.slow)
            let first = try git.startPush("blog", "main")
            try await first.says("remote: started")
            let second = try git.startPush("blog", "main:second")
            try await second.says("you are next")

            let full = try await git.push("blog", "main:third")
            #expect(full.status == 1)
            #expect(full.messages.contains("a push to this app is waiting already; try again later"), "\(full)")
            #expect(full.messages.contains("! [remote rejected] main -> third (another push is running)"))
            // Another app is not concerned.
            #expect(try await git.push("shop", "main:topic").succeeded().messages.contains("topic is now"))

            let late = try await second.result(within: .seconds(60))
            #expect(late.status == 1)
            let reason = "the pushes before this one took longer than 15 s; try again later"
            #expect(late.messages.contains(reason), "\(late)")
            #expect(late.messages.contains("Nothing was changed"))
            try site.giveLeave()
            try await first.result().succeeded()
        }

        @Test("whoever goes while waiting leaves the queue, and the next one moves up")
        func leaving() async throws {
            let site = try await Site.start()
            let git = try await site.git(building: Self.slow)
            let first = try git.startPush("blog", "main")
            try await first.says("remote: started")
            let second = try git.startPush("blog", "main:second")
            try await second.says("you are next")
            let third = try git.startPush("blog", "main:third")
            try await third.says("you are number 2 in the queue")
            second.process.signalGroup(SIGINT)
            try await third.says("you are next", within: .seconds(60))
            try site.giveLeave()
            try await first.result().succeeded()
            try await third.result().succeeded()
            #expect(try await Set(site.refs("blog").keys) == ["refs/heads/main", "refs/heads/third"])
        }
    }
}
