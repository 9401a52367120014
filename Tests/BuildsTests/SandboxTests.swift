import Builds
import Glibc
import TestSupport
import Testing

extension RealBuildTests {
    @Suite struct SandboxTests {
        @Test("a build can write to its own directory only")
        func writes() async throws {
            var fixture = try BuildFixture()
            fixture.files = [
                (
                    ".slipway/build",
                    """
                    #!/bin/sh
                    for path in / /usr /etc /dev /opt /run /sys /proc/sys/kernel; do
                      if (echo x > $path/slipway-test) 2>/dev/null; then echo "WROTE $path"; fi
                    done
                    for path in . $SLIPWAY_OUTPUT $HOME /tmp /var/tmp /dev/shm; do
                      (echo x > $path/slipway-test) || echo "COULD NOT WRITE $path"
                    done
                    echo x > \(fixture.directory.path)/slipway-test
                    echo checked
                    """, true
                )
            ]
            let report = try await fixture.run()
            #expect(report.outcome == .succeeded)
            #expect(fixture.output.text.contains("checked"))
            #expect(!fixture.output.text.contains("WROTE ") && !fixture.output.text.contains("COULD NOT WRITE"))
            #expect(HostDirectory.names(fixture.directory.path).sorted() == ["builds", "data"])
        }

        @Test("neither the server's data nor other builds can be seen, even below a path that is bound")
        func hidden() async throws {
            var fixture = try BuildFixture()
            fixture.configuration.readOnlyPaths.append(fixture.directory.path)
            fixture.configuration.hiddenPaths.append(fixture.directory.path + "/key")
            try HostDirectory.touch(fixture.directory.path + "/key", "secret")
            try HostDirectory.touch(fixture.directory.path + "/visible")
            try HostDirectory.make(fixture.configuration.workspace)
            try HostDirectory.make(fixture.configuration.workspace + "/other")
            fixture.files = [
                (
                    ".slipway/build",
                    """
                    #!/bin/sh
                    cd \(fixture.directory.path)
                    echo "[data $(ls -A data)] [builds $(ls builds)] [key $(cat key 2>/dev/null)]" $(ls)
                    rm -rf data/x key 2>/dev/null; touch data/x 2>/dev/null && echo PLANTED
                    cat /etc/shadow && echo SECRETS
                    """, true
                )
            ]
            let report = try await fixture.run()
            let text = fixture.output.text
            #expect(text.contains("[data ] [builds \(report.id)] [key ]"))
            #expect(text.contains("visible"))
            #expect(!text.contains("PLANTED"))
            if geteuid() == 0 { #expect(!text.contains("SECRETS")) }
        }

        @Test("a build gets no environment but its own")
        func environment() async {
            // In a process of its own: the environment is everybody's.
            await #expect(processExitsWith: .success) {
                unsafe setenv("SLIPWAY_TEST_SECRET", "hunter2", 1)
                var fixture = try BuildFixture()
                fixture.files = [(".slipway/build", "#!/bin/sh\nexec env\n", true)]
                _ = try await fixture.run()
                let names = fixture.output.text.split(separator: "\n").compactMap { line in
                    line.contains("=") ? line.split(separator: "=").first.map(String.init) : nil
                }
                #expect(
                    Set(names) == [
                        "PATH", "HOME", "TMPDIR", "LANG", "TERM", "CI", "PWD", "SLIPWAY_APP", "SLIPWAY_COMMIT",
                        "SLIPWAY_REF",
                        "SLIPWAY_BUILD_ID", "SLIPWAY_OUTPUT", "SLIPWAY_SOURCE",
                    ])
                #expect(!fixture.output.text.contains("hunter2"))
            }
        }

        @Test("a build inherits no descriptors but the standard three")
        func descriptors() async throws {
            // Not close-on-exec, as a library's socket might be.
            let leak = unsafe open("/etc/hostname", O_RDONLY)
            defer { close(leak) }
            let fixture = try BuildFixture(script: "exec ls /proc/self/fd")
            let report = try await fixture.run()
            #expect(report.outcome == .succeeded)
            // The fourth is what ls reads.
            #expect(fixture.output.text.contains(".slipway/build\n0\n1\n2\n3\n"))
        }

        @Test("a build sees no processes but its own, and cannot gain rights")
        func processes() async throws {
            let fixture = try BuildFixture(
                script: """
                    echo "count=$(ls -d /proc/[0-9]* | wc -l)"
                    grep -E 'NoNewPrivs|CapEff' /proc/self/status
                    kill -9 1; echo alive
                    """)
            let report = try await fixture.run()
            #expect(report.outcome == .succeeded)
            let count = fixture.output.text.firstMatch(of: /count=([0-9]+)/).flatMap { Int($0.1) }
            #expect(try #require(count) <= 5)
            #expect(fixture.output.text.contains("NoNewPrivs:\t1"))
            #expect(fixture.output.text.contains("CapEff:\t0000000000000000"))
            #expect(fixture.output.text.contains("alive"))
        }

        @Test("network none is none, and the host's is there otherwise")
        func network() async throws {
            var fixture = try BuildFixture()
            fixture.configuration.network = .none
            fixture.files = [
                (".slipway/build", "#!/bin/sh\nreadlink /proc/self/ns/net; tail -n +3 /proc/net/dev\n", true)
            ]
            _ = try await fixture.run()
            let host = try #require(HostDirectory.linkTarget("/proc/self/ns/net"))
            #expect(!fixture.output.text.contains(host))
            let interfaces = fixture.output.text.split(separator: "\n").filter {
                $0.contains(":") && !$0.contains("net:")
            }
            #expect(interfaces.count == 1 && interfaces[0].contains("lo:"))

            fixture.configuration.network = .on
            _ = try await fixture.run()
            #expect(fixture.output.text.contains(host))
        }

        @Test("a fork bomb ends at the process limit", .timeLimit(.minutes(5)))
        func forkBomb() async throws {
            var fixture = try BuildFixture(
                script: "bomb() { bomb | bomb & }; bomb; sleep 0.5; (sleep 987.03) || echo refused")
            fixture.configuration.maximumProcesses = 50
            fixture.configuration.timeout = .seconds(10)
            let build = Task { [fixture] in try await fixture.run() }
            try await eventually("the bomb is refused") { fixture.output.text.contains("fork") }
            build.cancel()
            _ = await build.result
            #expect(!HostDirectory.hasProcess(with: "987.03"))
            #expect(fixture.leftovers.isEmpty)
        }

        @Test("no file grows over the limit")
        func fileSize() async throws {
            var fixture = try BuildFixture(script: "exec dd if=/dev/zero of=big bs=1M count=10 status=none")
            fixture.configuration.maximumFileSize = 1 << 20
            let report = try await fixture.run()
            #expect(report.outcome == .signalled)
            #expect(report.reason.contains("SIGXFSZ"))
            #expect(report.reason.contains("1048576 bytes"))
        }

        @Test("a workspace that cannot be made refuses builds without naming places on the host")
        func workspace() async throws {
            var fixture = try BuildFixture(script: "true")
            try HostDirectory.touch(fixture.directory.path + "/file")
            fixture.configuration.workspace = fixture.directory.path + "/file/builds"
            let record = try await fixture.refusal("its folder for builds cannot be used")
            #expect(!record.reason.contains(fixture.directory.path))
        }

        @Test(
            "without bubblewrap's preconditions builds are refused, without naming places on the host",
            .enabled(if: geteuid() == 0))
        func unreachable() async throws {
            var fixture = try BuildFixture(script: "true")
            let locked = fixture.directory.path + "/locked"
            try HostDirectory.make(locked, mode: 0o700)
            fixture.configuration.workspace = locked + "/builds"
            let record = try await fixture.refusal("builds cannot get to its folder")
            #expect(!record.reason.contains(locked))
            #expect(fixture.leftovers.isEmpty)
        }
    }
}
