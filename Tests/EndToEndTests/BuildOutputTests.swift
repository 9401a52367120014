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
                building: "yes \"$(printf '%01023d' 0 | tr 0 '~')\" | head -n \(Self.floodLines)")
            let memory = try PeakMemory(of: site.server)
            let start = ContinuousClock.now
            try await git.shell("git push '\(git.remote("blog"))' main 2>flood")
            let time = ContinuousClock.now - start
            let growth = try memory.growth
            print("flood of 200 MiB: \(time), server memory +\(growth.inMegabytes)")
            #expect(growth < 32 << 20)
            let counts = "\(Self.floodLines)\n\(Self.floodLines * 1023)"
            #expect(try await git.shell("grep -c '^remote: ~' flood; tr -dc '~' <flood | wc -c").text == counts)
            let builds = site.builds(of: "blog")
            let log = try builds.path(#require(try builds.only.log).key)
            #expect(try await git.shell("grep -c '^~' '\(log)'; tr -dc '~' <'\(log)' | wc -c").text == counts)
        }

        @Test("a line of 1 MB, and bytes that are no text, arrive as they are")
        func unmangled() async throws {
            let site = try await Site.start()
            let git = try await site.git(building: "cat line; echo; cat bytes; echo; printf 'no newline at the end'")
            let line = (0..<1_000_000).map { UInt8(ascii: "a") + UInt8($0 % 26) }
            // Without what git's client takes for the end of a line or, as it works with C strings, of a packet.
            let bytes = (1...255).map { UInt8($0) }.filter { ![10, 13].contains($0) }
            try Data(line).write(to: URL(filePath: git.directory + "/line"))
            try Data(bytes).write(to: URL(filePath: git.directory + "/bytes"))
            try await git.commit()
            try await git.shell("git push '\(git.remote("blog"))' main 2>messages")

            let newline = [UInt8(ascii: "\n")]
            let end = Array("no newline at the end".utf8)
            #expect(try log(of: site).firstRange(of: line + newline + bytes + newline + end) != nil)
            let messages = try HostFile.read(git.directory + "/messages")
            let prefix = Array("remote: ".utf8)
            for text in [line, bytes, end] { #expect(messages.firstRange(of: prefix + text) != nil) }
            // The next heading starts on a line of its own all the same.
            #expect(messages.firstRange(of: newline + prefix + Array("-----> Built blog".utf8)) != nil)
        }

        @Test("every byte there is arrives in the log as it is")
        func everyByte() async throws {
            let site = try await Site.start()
            let git = try await site.git(building: "cat bytes")
            let bytes = (0...255).map { UInt8($0) } + (0...255).reversed().map { UInt8($0) }
            try Data(bytes).write(to: URL(filePath: git.directory + "/bytes"))
            try await git.commit()
            try await git.push("blog", "main").succeeded()
            #expect(try log(of: site).firstRange(of: bytes) != nil)
        }

        private func log(of site: Site) throws -> [UInt8] {
            let builds = site.builds(of: "blog")
            return try builds.read(#require(try builds.only.log).key)
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
