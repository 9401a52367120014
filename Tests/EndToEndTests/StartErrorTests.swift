import Glibc
import Testing

extension EndToEnd {
    @Suite("Start with wrong settings")
    struct StartErrorTests {
        /// Settings that are wrong by themselves, and what the message must name.
        struct Wrong: Sendable, CustomTestStringConvertible {
            let testDescription: String
            var flags: [String] = []
            var environment: [String: String] = [:]
            var file: String?
            let expected: [String]
        }

        static let wrongSettings = [
            Wrong(
                testDescription: "a flag that is no number", flags: ["--ssh-port", "abc"],
                expected: ["--ssh-port", "\"abc\"", "0 to 65535"]),
            Wrong(
                testDescription: "a flag with a number that is no port", flags: ["--health-port=65536"],
                expected: ["--health-port", "\"65536\""]),
            Wrong(
                testDescription: "a flag without a value", flags: ["--ssh-port"], expected: ["--ssh-port", "missing"]),
            Wrong(
                testDescription: "a flag that is given twice", flags: ["--executor", "none", "--executor", "local"],
                expected: ["--executor", "twice"]),
            Wrong(testDescription: "a word that is no flag", flags: ["quickly"], expected: ["\"quickly\""]),
            Wrong(
                testDescription: "a variable that is no number", environment: ["SLIPWAY_SSH_PORT": "22x"],
                expected: ["SLIPWAY_SSH_PORT", "\"22x\""]),
            Wrong(
                testDescription: "a value in the file that is no number", file: "ssh:\n  port: abc\n",
                expected: ["settings.yaml:2", "ssh.port", "\"abc\""]),
            Wrong(
                testDescription: "an executor that is not there", flags: ["--executor", "docker"],
                expected: ["--executor", "\"docker\"", "local", "none"]),
            Wrong(
                testDescription: "a time that is none", flags: ["--build-timeout", "soon"],
                expected: ["--build-timeout", "\"soon\"", "30m"]),
            Wrong(
                testDescription: "a size that is none", environment: ["SLIPWAY_GIT_MAX_PACK_SIZE": "huge"],
                expected: ["SLIPWAY_GIT_MAX_PACK_SIZE", "\"huge\"", "512MiB"]),
            Wrong(
                testDescription: "an address that is none", flags: ["--ssh-address", "nowhere"],
                expected: ["--ssh-address", "\"nowhere\""]),
            Wrong(
                testDescription: "a branch that git would not have", flags: ["--deploy-branches", "a..b"],
                expected: ["--deploy-branches", "\"a..b\""]),
            Wrong(
                testDescription: "a cipher that is not known", flags: ["--ssh-ciphers", "rot13"],
                expected: ["ssh.ciphers", "rot13"]),
            Wrong(
                testDescription: "an unknown flag", flags: ["--ssh-prot", "22"], expected: ["--ssh-prot", "--ssh-port"]),
            Wrong(
                testDescription: "an unknown variable", environment: ["SLIPWAY_SSH_PROT": "22"],
                expected: ["SLIPWAY_SSH_PROT", "SLIPWAY_SSH_PORT"]),
            Wrong(
                testDescription: "an unknown key in the file", file: "executor: none\nssh: {prot: 22}\n",
                expected: ["settings.yaml:2", "ssh.prot", "ssh.port"]),
            Wrong(
                testDescription: "a file that is no YAML", file: "ssh: [\n", expected: ["settings.yaml", "YAML"]),
            Wrong(
                testDescription: "a file that is not there", flags: ["--config", "nowhere.yaml"],
                expected: ["--config", "nowhere.yaml", "no such file"]),
        ]

        @Test("a wrong setting is one line that names it, and nothing is made", arguments: wrongSettings)
        func refuses(_ wrong: Wrong) async throws {
            for subcommand in ["serve", "check"] {
                let directory = try TemporaryDirectory()
                var flags = wrong.flags
                if let file = wrong.file {
                    try directory.write("settings.yaml", file)
                    flags += ["--config", "settings.yaml"]
                }
                let before = try HostFile.paths(below: directory.path)
                let result = try await SlipwayProgram.run(
                    [subcommand] + flags, environment: wrong.environment, directory: directory.path)
                Self.expectOneLine(result, naming: wrong.expected, subcommand)
                #expect(try HostFile.paths(below: directory.path) == before, "\(subcommand) left something")
            }
        }

        @Test("what is wrong with the machine is one line that names the setting", arguments: BrokenStart.allCases)
        func refuses(_ broken: BrokenStart) async throws {
            for subcommand in ["serve", "check"] {
                let directory = try TemporaryDirectory()
                let alice = try await TestKey.make("alice", in: directory)
                try directory.write("access.yaml", "users:\n  alice: {keys: [\"\(alice.line)\"], apps: [\"*\"]}\n")
                try await SharedHostKeys.shared.install(in: directory, data: "data")
                let prepared = try await broken.prepare(directory)
                let executor = prepared.flags.contains("--executor") ? [] : ["--executor", "none"]
                let flags = Site.flags(directory, prepared.flags + executor)
                let result = try await SlipwayProgram.run([subcommand] + flags, directory: directory.path)
                Self.expectOneLine(result, naming: prepared.expected, subcommand)
                withExtendedLifetime(prepared) {}
            }
        }

        @Test(
            "something else in a folder's place ends the start, because no waiting helps",
            arguments: ["store", "workspaces"])
        func noFolder(_ name: String) async throws {
            let directory = try TemporaryDirectory()
            try directory.write("access.yaml", "users: {}\n")
            try await SharedHostKeys.shared.install(in: directory, data: "data")
            try directory.write("data/\(name)", "")
            let result = try await SlipwayProgram.run(["serve"] + Site.flags(directory), directory: directory.path)
            Self.expectOneLine(result, naming: ["data/\(name)"], "serve")
        }

        @Test(
            "what ends a start with a bucket is told too, not hidden by the end of the bucket's client",
            arguments: ["workspaces", "host-keys/ssh_host_ed25519_key"])
        func withBucket(_ name: String) async throws {
            let directory = try TemporaryDirectory()
            try directory.write("access.yaml", "users: {}\n")
            try await SharedHostKeys.shared.install(in: directory, data: "data")
            try directory.write("data/\(name)", "nothing of use")
            let bucket = ["--storage", "s3", "--s3-bucket", "builds", "--s3-endpoint", "http://127.0.0.1:9"]
            let result = try await SlipwayProgram.run(
                ["serve"] + Site.flags(directory, bucket), directory: directory.path)
            Self.expectOneLine(result, naming: ["data/\(name)"], "serve")
        }

        @Test(
            "a start that fails makes nothing, so that the next one is still the first", arguments: ["ssh", "health"])
        func freshDirectory(_ group: String) async throws {
            let directory = try TemporaryDirectory()
            let taken = try TakenPort(AF_INET6)
            let flags = ["--ssh-port", "0", "--health-port", "0", "--executor", "none"]
            let place = try #require(flags.firstIndex(of: "--\(group)-port")) + 1
            var broken = flags
            broken[place] = "\(taken.port)"
            let result = try await SlipwayProgram.run(["serve"] + broken, directory: directory.path)
            Self.expectOneLine(result, naming: ["\(group).port", "\(taken.port)", "in use"], "serve")
            #expect(try HostFile.paths(below: directory.path).isEmpty)
        }

        /// Expects a failure that is told in one line, before anything listened.
        static func expectOneLine(_ result: CommandResult, naming parts: [String], _ subcommand: String) {
            #expect(result.status == 1, "\(subcommand)")
            let lines = result.messages.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count == 2 && lines.last == "", "\(subcommand): one line, not:\n\(result.messages)")
            for part in parts {
                #expect(lines[0].contains(part), "\(subcommand): “\(part)” is not in “\(lines[0])”")
            }
            #expect(!result.text.contains("ready"), "\(subcommand)")
            #expect(!result.text.contains("ok:"), "\(subcommand)")
        }
    }
}
