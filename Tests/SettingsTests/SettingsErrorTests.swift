import TestSupport
import Testing

@testable import Settings

@Suite("Mistakes in settings")
struct SettingsErrorTests {
    @Test(
        "a flag that is wrong is named with what is expected",
        arguments: [
            (["--ssh-port", "abc"], "--ssh-port: expected a port number from 0 to 65535, got \"abc\""),
            (["--ssh-port="], "--ssh-port: expected a port number from 0 to 65535, got \"\""),
            (["--ssh-port"], "--ssh-port: a value is missing; expected --ssh-port PORT"),
            (["--ssh-port", "--health-port=1"], "--ssh-port: a value is missing; expected --ssh-port PORT"),
            (["--ssh-port=1", "--ssh-port", "2"], "--ssh-port: the flag is given twice; give it once"),
            (["--ssh-prot", "1"], "--ssh-prot: unknown flag; did you mean --ssh-port?"),
            (["--frobnicate"], "--frobnicate: unknown flag; see slipway serve --help"),
            (["--a\nb=c"], "--a\\nb: unknown flag; see slipway serve --help"),
            (["serve"], "\"serve\": this is not a flag; expected flags such as --ssh-port 2222"),
            (["-p", "1"], "\"-p\": this is not a flag; expected flags such as --ssh-port 2222"),
            (["--"], "\"--\": this is not a flag; expected flags such as --ssh-port 2222"),
            (
                ["--config", "gone.yaml"],
                "--config: the file gone.yaml cannot be read: No such file or directory"
            ),
        ])
    func flags(arguments: [String], expected: String) {
        #expect(failure(arguments) == expected)
    }

    @Test(
        "a variable that is wrong is named with what is expected",
        arguments: [
            ("SLIPWAY_SSH_PORT", "", "SLIPWAY_SSH_PORT: expected a port number from 0 to 65535, got \"\""),
            ("SLIPWAY_SSH_PROT", "1", "SLIPWAY_SSH_PROT: unknown variable; did you mean SLIPWAY_SSH_PORT?"),
            ("SLIPWAY_X", "1", "SLIPWAY_X: unknown variable; see slipway serve --help"),
            // Ends as a service link does, but does not hold one.
            ("SLIPWAY_SSSH_PORT", "22", "SLIPWAY_SSSH_PORT: unknown variable; did you mean SLIPWAY_SSH_PORT?"),
            (
                "SLIPWAY_SSH_PORT", "tcp://10.0.0.1:22",
                "SLIPWAY_SSH_PORT: expected a port number from 0 to 65535, got \"tcp://10.0.0.1:22\"; this looks like "
                    + "a Kubernetes service link: set `enableServiceLinks: false` in the pod"
            ),
            ("SLIPWAY_CONFIG", "x", "SLIPWAY_CONFIG: the file x cannot be read: No such file or directory"),
        ])
    func variables(name: String, value: String, expected: String) {
        #expect(failure(environment: [name: value]) == expected)
    }

    @Test("what Kubernetes sets for Services called slipway, slipway-ssh and slipway-web is ignored")
    func serviceLinks() throws {
        var environment: [String: String] = [:]
        for service in ["SLIPWAY", "SLIPWAY_WEB"] {
            environment["\(service)_SERVICE_HOST"] = "10.0.0.1"
            environment["\(service)_SERVICE_PORT"] = "22"
            environment["\(service)_SERVICE_PORT_GIT_SSH"] = "22"
            environment["\(service)_PORT"] = "tcp://10.0.0.1:22"
            for kind in ["TCP", "UDP", "SCTP"] {
                environment["\(service)_PORT_22_\(kind)"] = "\(kind.lowercased())://10.0.0.1:22"
                environment["\(service)_PORT_22_\(kind)_PROTO"] = kind.lowercased()
                environment["\(service)_PORT_22_\(kind)_PORT"] = "22"
                environment["\(service)_PORT_22_\(kind)_ADDR"] = "10.0.0.1"
            }
        }
        environment["SLIPWAY_SSH_PORT_22_TCP"] = "tcp://10.0.0.1:22"
        #expect(try load(environment: environment).ssh.port == 2223)
    }

    @Test(
        "a mistake in the file is named with its line",
        arguments: [
            ("ssh:\n  port: abc", "slipway.yaml:2: ssh.port: expected a port number from 0 to 65535, got \"abc\""),
            ("ssh:\n  prot: 1", "slipway.yaml:2: unknown key \"ssh.prot\"; did you mean \"ssh.port\"?"),
            ("shs:\n  port: 1", "slipway.yaml:1: unknown key \"shs\"; did you mean \"ssh\"?"),
            ("ssh: 5", "slipway.yaml:1: ssh: expected a map of settings, got a single value"),
            ("\nssh:\n  port:", "slipway.yaml:3: ssh.port: expected a single value, got nothing"),
            ("ssh: {port: {a: 1}}", "slipway.yaml:1: ssh.port: expected a single value, got a map"),
            ("ssh: {port: [1]}", "slipway.yaml:1: ssh.port: expected a single value, got a list"),
            ("ssh: {address: {a: 1}}", "slipway.yaml:1: ssh.address: expected a list or a single value, got a map"),
            ("ssh: {macs: [[a]]}", "slipway.yaml:1: ssh.macs: expected a list of texts without commas"),
            ("ssh: {macs: ['a,b']}", "slipway.yaml:1: ssh.macs: expected a list of texts without commas"),
            (
                "ssh: {port: 1}\nssh.port: 2",
                "slipway.yaml:2: ssh.port: the setting is there twice; write it once"
            ),
            ("a: 1\na: 2", "slipway.yaml:1: \"a\" is written more than once; this is the first"),
            (
                "config: x",
                "slipway.yaml:1: config: a settings file cannot name another; use --config or SLIPWAY_CONFIG"
            ),
            ("- a", "slipway.yaml:1: expected settings such as \"ssh.port: 2222\", got a list"),
        ])
    func file(text: String, expected: String) {
        #expect(failure(file: text) == expected)
    }

    @Test("broken YAML and a file that is too long are named")
    func brokenFile() {
        #expect(failure(file: "ssh: [}").hasPrefix("slipway.yaml:1: this is not valid YAML: "))
        let long = String(repeating: "#", count: (1 << 20) + 1)
        #expect(failure(file: long) == "slipway.yaml: the file has 1048577 bytes; at most 1048576 are accepted")
    }

    @Test(
        "each kind of value refuses what it is not",
        arguments: [
            ("ssh.port", ["-1", "65536", "+1", "1.0", " 1", "٣", "0x10", "99999999999999999999"], "a port number"),
            (
                "ssh.address", ["localhost", "1.2.3", "*", "::1,", "::1,::1", "127.0.0.1:22", "::1\u{0}x"],
                "IP addresses"
            ),
            (
                "ssh.public-url", ["http://h", "git@h:x", "ssh://", "ssh://h/blog", "ssh://a b", "ssh://git@"],
                "an address"
            ),
            ("ssh.login-grace-time", ["20", "0s", "25h", "1d", "s", "-1s", "1.5s", "1h30m"], "a time such as"),
            ("ssh.max-auth-tries", ["0", "101", "six"], "a whole number from 1 to 100"),
            ("ssh.ciphers", ["", "none", "a b", "a,,b", "a,a"], "names of SSH algorithms"),
            ("git.max-pack-size", ["2GB", "2G", "0", "1023", "1.5GiB", "9223372036854775807TiB"], "a size such as"),
            ("git.max-refs", ["10001"], "a whole number from 1 to 10000"),
            (
                "deploy-branches", ["", "refs/heads/main", "a b", "a..b", "-a", "a/", "a.lock", "@", ".a"],
                "names of branches"
            ),
            ("executor", ["Local", "docker", ""], "one of local, kubernetes, none"),
            ("local.user", ["0", "root", "4294967295"], "a user id"),
            ("local.readonly-paths", ["usr", "/usr,opt", "/usr,/usr"], "absolute paths"),
            ("data-dir", ["", "a\u{0}b", "a\nb"], "a path"),
            ("s3.ca-file", ["a\u{0}b", "a\nb"], "the path of a file"),
            ("ssh.host-keys-secret", ["host_keys", "Keys", "a..b", "-a"], "a name of lower-case letters"),
            ("kubernetes.pod-name", ["Pod"], "a name of lower-case letters"),
            ("push.gate", ["yes", ""], "one of on, off"),
            ("storage", ["S3", "gcs", ""], "one of file, s3"),
            ("s3.bucket", ["a b", "a\"", "\u{E9}"], "the name of a bucket"),
            ("s3.path-style", ["yes"], "one of auto, on, off"),
            ("retention.keep-builds", ["0", "-1"], "a whole number from 1"),
            ("retention.keep-for", ["0s", "30d"], "a time"),
            (
                "health.public-url",
                ["builder:8092", "ftp://a", "http://", "http://a/status", "http://u@a", "http://a\"", "http://a b"],
                "an address such as https://builder.example.com"
            ),
            ("health.crash-after", ["0s", "4s", "30"], "a time"),
            (
                "simulate",
                [
                    "storage", "storage=", "storage=up", "disk=down", "storage=slow", "storage=slow:0s",
                    "storage=slow:3",
                    "storage=flaky:1.1", "storage=flaky:-1", "storage=flaky:nan", "storage=down,storage=flaky:0.5",
                    "pool=flaky:0.5", "service=slow:1s", "storage=down|slow:3s",
                ], "TARGET=down, TARGET=slow:3s or TARGET=flaky:0.3"
            ),
            ("log.level", ["verbose"], "one of trace, debug, info, notice, warning, error, critical"),
        ])
    func kinds(key: String, values: [String], expected: String) throws {
        let setting = try #require(SettingsTable.settings.first { $0.key == key })
        for value in values {
            let message = failure(["\(setting.flag)=\(value)"])
            #expect(message.hasPrefix("\(setting.flag): expected \(expected)"), "\(value): \(message)")
            #expect(!message.contains("\n"))
        }
    }

    @Test(
        "values at the edges are accepted",
        arguments: [
            "--ssh-port=0", "--health-port=65535", "--ssh-address=all", "--ssh-address=",
            "--ssh-address=::1, 127.0.0.1",
            "--build-timeout=24h", "--git-idle-timeout=1ms", "--drain-delay=0s", "--push-queue-length=0",
            "--git-max-pack-size=1048576", "--git-max-pack-size=64TiB", "--local-user=4294967294",
            "--deploy-branches=release/2.0,main", "--local-readonly-paths=/usr,/opt", "--executor=none",
            "--ssh-public-url=ssh://git@[::1]:2222/", "--health-public-url=https://builder.example.com:8443/",
            "--simulate=storage=down,executor=slow:3s,access=flaky:0.3,pool=down,service=down", "--simulate=",
        ])
    func edges(argument: String) {
        #expect(failure([argument]) == "none")
    }

    @Test("values that do not fit together are refused where they were written")
    func conflicts() {
        #expect(
            failure(["--ssh-max-connections=50"], environment: ["SLIPWAY_SSH_MAX_UNAUTHENTICATED": "60"])
                == "SLIPWAY_SSH_MAX_UNAUTHENTICATED: expected at most ssh.max-connections (50), got 60")
        #expect(
            failure(file: "drain: {delay: 10s, grace-period: 9s}")
                == "slipway.yaml:1: drain.delay: expected at most drain.grace-period (9s), got 10s")
        #expect(
            failure(["--ssh-port=8092"])
                == "health.port (default): expected another port than ssh.port, got 8092 for both")
        #expect(failure(["--ssh-port=8092", "--ssh-address=127.0.0.1", "--health-address=::1"]) == "none")
        #expect(failure(["--ssh-port=0", "--health-port=0"]) == "none")
        #expect(
            failure(["--storage=s3"])
                == "s3.bucket (default): expected the name of a bucket, because storage is s3, got \"\"")
        #expect(failure(["--storage=s3", "--s3-bucket=b", "--s3-endpoint=http://127.0.0.1:9000"]) == "none")
    }

    @Test("a long or unprintable value is repeated short and on one line")
    func boundedMessages() {
        let message = failure(["--ssh-port", "\u{1B}[2J\n" + String(repeating: "x", count: 100_000)])
        #expect(message.count < 200)
        #expect(message.contains("got \"\\u{1B}[2J\\nxxx"))
    }

    @Test("random arguments and files never end the process, and errors stay on one line")
    func fuzz() {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("Settings fuzz seed: \(seed)")
        var generator = SeededGenerator(seed: seed)
        let pieces = [
            "--", "ssh", "-port", "=", "2222", "20s", ":", "\n", " ", "1GiB", ",", "{", "}", "[", "]", "\0", "é", "*a",
            "&a ", "health", ".", "\"", "SLIPWAY_", "_PORT", "_22_TCP", "9223372036854775808", "h", "KiB", "::1", "- ",
        ]
        func text() -> String {
            (0..<Int.random(in: 0...8, using: &generator)).compactMap { _ in pieces.randomElement(using: &generator) }
                .joined()
        }
        let deadline = ContinuousClock.now + .seconds(1)
        while ContinuousClock.now < deadline {
            let flag = SettingsTable.settings.randomElement(using: &generator)?.flag ?? ""
            let messages = [
                failure([text(), text()]), failure([flag, text()]), failure(environment: ["SLIPWAY_" + text(): text()]),
                failure(file: text()),
            ]
            for message in messages { #expect(!message.contains("\n"), "\(message.debugDescription)") }
        }
    }
}
