import FoundationEssentials
import Testing

extension EndToEnd {
    @Suite("What builds print")
    struct BuildOutputTests {
        /// 204,800 lines of 1,024 bytes: 200 MiB.
        private static let floodLines = 204_800

        @Test("a flood of 200 MB arrives whole at the client and in the log, and the server's memory stays flat")
        func flood() async throws {
            let site = try await Site.start()
            let git = try await site.git(
                building: "yes \"$(printf '%01023d' 0)\" | head -n \(Self.floodLines)")
            let memory = try PeakMemory(of: site.server)
            let start = ContinuousClock.now
            let push = try await git.shell(
                "git push '\(git.remote("blog"))' main 2>flood; grep -c '^remote: 0\\{1023\\} *$' flood")
            let time = ContinuousClock.now - start
            let growth = try memory.growth
            print("flood of 200 MiB: \(time), server memory +\(growth.inMegabytes)")
            #expect(push.text == "\(Self.floodLines)")
            #expect(growth < 32 << 20)
            let builds = site.builds(of: "blog")
            let log = try #require(try builds.only.log)
            let count = try await Command("/bin/grep", ["-c", "-x", "0\\{1023\\}", builds.path(log.key)]).run().succeeded()
            #expect(count.text == "\(Self.floodLines)")
        }

        @Test("bytes that are no text, and a line of 1 MB, arrive as they are")
        func unmangled() async throws {
            let site = try await Site.start()
            let git = try await site.git(building: "cat bytes; echo; cat line; echo; printf 'no newline at the end'")
            // Without what git's client takes for the end of a line or, as it works with C strings, of the text.
            let bytes = (0...255).map { UInt8($0) }
            let visible = bytes.filter { ![0, 10, 13].contains($0) }
            let line = (0..<1_000_000).map { UInt8(ascii: "a") + UInt8($0 % 26) }
            try Data(bytes + visible).write(to: URL(filePath: git.directory + "/bytes"))
            try Data(line).write(to: URL(filePath: git.directory + "/line"))
            try await git.commit()
            try await git.shell("git push '\(git.remote("blog"))' main 2>messages")

            let builds = site.builds(of: "blog")
            let log = try builds.read(#require(try builds.only.log).key)
            let newline = [UInt8(ascii: "\n")]
            let end = Array("no newline at the end".utf8)
            #expect(log.firstRange(of: bytes + visible + newline + line + newline + end) != nil)

            let messages = try HostFile.read(git.directory + "/messages")
            let prefix = Array("remote: ".utf8)
            #expect(messages.firstRange(of: prefix + line) != nil)
            #expect(messages.firstRange(of: prefix + (14...255).map { UInt8($0) }) == nil, "git ends a text at its NUL")
            #expect(messages.firstRange(of: (14...255).map { UInt8($0) }) != nil)
            #expect(messages.firstRange(of: prefix + end) != nil)
            // The next heading starts on a line of its own all the same.
            #expect(messages.firstRange(of: newline + prefix + Array("-----> Built blog".utf8)) != nil)
        }

        @Test("output comes while the build runs, line by line")
        func streaming() async throws {
            let site = try await Site.start()
            let git = try await site.git(building: "echo first\n\(GitClient.waitForLeave)\necho second")
            let push = try git.startPush("blog", "main")
            try await push.says("remote: first")
            #expect(push.process.ending == nil)
            #expect(!push.messages.contains("second"))
            try site.giveLeave()
            #expect(try await push.result().succeeded().messages.contains("remote: second"))
        }
    }
}
