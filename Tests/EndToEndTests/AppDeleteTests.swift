import Testing

extension EndToEnd {
    /// `slipway app delete`.
    @Suite("Deleting an app")
    struct AppDeleteTests {
        private static func site(_ kind: StorageKind, _ body: (Site, S3Server?, GitClient) async throws -> Void)
            async throws
        {
            try await kind.withSite { site, s3 in
                let git = try await site.git(building: "echo built; echo kept > $SLIPWAY_OUTPUT/file")
                for app in ["blog", "blog2"] { try await git.push(app, "main").succeeded() }
                try await body(site, s3, git)
            }
        }

        @Test(
            "it tells what goes and asks; anything but the app's name deletes nothing, the name deletes all of it alone",
            arguments: StorageKind.allCases)
        func asks(_ kind: StorageKind) async throws {
            try await Self.site(kind) { site, s3, git in
                func keys() async throws -> [String] {
                    try await site.keys(s3).filter { !$0.hasPrefix("health/") }
                }
                let before = try await keys()
                for answer in ["", "\n", "y\n", "yes\n", "blog2\n", "Blog\n", "blog \n"] {
                    var command = try site.subcommand("app", "delete", "blog", storage: s3)
                    command.input = Array(answer.utf8)
                    let result = try await command.run()
                    #expect(result.status == 1, "\(answer.debugDescription): \(result)")
                    #expect(result.messages == "slipway: nothing was deleted\n", "\(result)")
                    #expect(HostFile.exists(site.repository("blog")))
                    #expect(try await keys() == before)
                }

                let asking = try site.subcommand("app", "delete", "blog", storage: s3).start(pipe: true)
                // Also through a pipe the question comes before the answer.
                let question =
                    /This deletes the repository of blog and 4 objects \([^)]+\)\. Type the app's name to go on:\n/
                try await eventually("it asks") {
                    String(decoding: asking.output, as: UTF8.self).wholeMatch(of: question) != nil
                }
                try asking.process.send(Array("blog\n".utf8))
                asking.process.closeInput()
                let result = try await asking.result().succeeded()
                #expect(result.text.contains("\ndeleted the repository of blog and 4 objects"), "\(result)")
                #expect(!HostFile.exists(site.repository("blog")) && HostFile.exists(site.repository("blog2")))
                #expect(try await keys() == before.filter { $0.hasPrefix("apps/blog2/") })

                let none = try await site.subcommand("app", "delete", "blog", "--yes", storage: s3).run()
                #expect(none.status == 1 && none.messages.contains("there is nothing of blog"), "\(none)")
                let again = try await git.push("blog", "main").succeeded()
                #expect(again.messages.contains("[new branch]"))
            }
        }

        @Test("with --yes it does not ask, and waits for a push that is under way")
        func yes() async throws {
            try await Self.site(.files) { site, s3, git in
                try git.writeBuild("echo running\n\(GitClient.waitForLeave)")
                try await git.commit("Wait")
                let push = try git.startPush("blog", "main")
                try await push.says("running")
                let deletion = try site.subcommand("app", "delete", "blog", "--yes", storage: s3).start()
                // A push to another app does not wait; by then the deletion has had its time to begin.
                try await git.push("blog2", "HEAD~1:refs/heads/other").succeeded()
                #expect(deletion.process.ending == nil && HostFile.exists(site.repository("blog")))
                try site.giveLeave()
                try await push.result().succeeded()
                let result = try await deletion.result().succeeded()
                #expect(result.text.hasPrefix("deleted the repository of blog and "), "\(result)")
                #expect(!HostFile.exists(site.repository("blog")))
                #expect(try await site.keys(s3).allSatisfy { !$0.hasPrefix("apps/blog/") })
            }
        }
    }
}
