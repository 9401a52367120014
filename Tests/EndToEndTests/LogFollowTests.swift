import Glibc
import Testing

extension EndToEnd {
    /// `slipway log`, while the build runs.
    @Suite("Following a build's log")
    struct LogFollowTests {
        @Test(
            "a log is read while its build runs: as far as it is, and with --follow to its end",
            arguments: StorageKind.allCases)
        func follow(_ kind: StorageKind) async throws {
            try await kind.withSite { site, s3 in
                let git = try await site.git(
                    building: "echo the beginning\n\(GitClient.waitForLeave)\necho the end; echo >&2 of it")
                let push = try git.startPush("blog", "main")
                try await push.says("the beginning")
                let following = try site.subcommand("log", "blog", "--follow", storage: s3).start()
                defer { following.process.signal(SIGKILL) }
                try await eventually("the beginning is stored, and read by who follows") {
                    if let ending = following.process.ending { throw Failed("\(ending): \(following.messages)") }
                    return String(decoding: following.output, as: UTF8.self).contains("the beginning\n")
                }
                // Without --follow it ends with what there is.
                let glance = try await site.subcommand("log", "blog", storage: s3).run().succeeded().text
                #expect(glance.contains("the beginning") && !glance.contains("the end"))
                #expect(following.process.ending == nil && push.process.ending == nil)

                try site.giveLeave()
                let id = try await push.result().succeeded().pushID
                let followed = try await following.result(within: .seconds(20)).succeeded().text
                let whole = try await site.subcommand("log", "blog", "--build", id, storage: s3).run().succeeded().text
                #expect(followed == whole)
                #expect(whole.contains("the beginning\nthe end\nof it"), "\(whole)")
                // The parts have been joined.
                #expect(try await site.keys(s3).filter { $0.contains("/log") } == ["apps/blog/builds/\(id)/log"])
            }
        }

        @Test("what is not there is told in one line")
        func missing() async throws {
            let site = try await Site.start()
            for (words, expected) in [
                (["blog"], "there is no build of blog"), (["blog", "--build", "x"], "x is no build's id"),
                (["blog", "--build", "01ARZ3NDEKTSV4RRFFQ69G5FAV"], "01ARZ3NDEKTSV4RRFFQ69G5FAV"),
                (["Blog"], "an app name has only"),
            ] {
                let command = Command(
                    try SlipwayProgram.path, ["log"] + words + ["--data-dir", site.directory("data")])
                let result = try await command.run()
                #expect(result.status == 1 && result.output.isEmpty, "\(result)")
                #expect(result.messages.hasPrefix("slipway: ") && result.messages.contains(expected), "\(result)")
                #expect(result.messages.split(separator: "\n").count == 1, "\(result)")
            }
        }
    }
}
