import Glibc
import ObjectStorage
import TestSupport
import Testing

@testable import Builds

extension RealBuildTests {
    /// No registry is needed: the images start from scratch.
    @Suite(.enabled(if: LocalExecutor.hasBuildah)) struct DockerfileTests {
        @Test("a Dockerfile becomes an OCI archive in the artifact")
        func copy() async throws {
            var fixture = try BuildFixture()
            fixture.files = [("Dockerfile", "FROM scratch\nCOPY hello.txt /\n", false), ("hello.txt", "hello", false)]
            let report = try await fixture.run(.dockerfile)
            #expect(report.outcome == .succeeded, "\(fixture.output.text)")
            #expect(fixture.output.text.contains("STEP 2/2: COPY hello.txt /"))
            #expect(try #require(report.artifact).size > 100)
            #expect(fixture.leftovers.isEmpty)
        }

        @Test("RUN works, with more than one user and without power over mounts", .enabled(if: geteuid() == 0))
        func run() async throws {
            var fixture = try BuildFixture()
            fixture.files = [
                (
                    "Dockerfile",
                    """
                    FROM scratch
                    COPY rootfs/ /
                    COPY --chown=33:44 Dockerfile /owned
                    RUN while read key value; do [ "$key" = CapEff: ] && echo "caps=$value"; done </proc/self/status; \\
                        while read line; do echo "map=$line"; done </proc/self/uid_map; echo ran >/made
                    """, false
                )
            ]
            for path in ["/bin/sh", "/lib64/ld-linux-x86-64.so.2", "/lib/x86_64-linux-gnu/libc.so.6"] {
                let content = HostDirectory.contents(path)
                // Other machines have their libraries elsewhere; what is shown here does not depend on that.
                guard !content.isEmpty else { return }
                fixture.programs.append(("rootfs" + path, content))
            }
            let report = try await fixture.run(.dockerfile)
            #expect(report.outcome == .succeeded, "\(fixture.output.text)")
            // The second line of user_namespaces(7): 65,535 users besides root.
            #expect(fixture.output.text.contains(/map=1 +\d+ +65535/))
            let caps = fixture.output.text.firstMatch(of: /caps=([0-9a-f]+)/).flatMap { UInt64($0.1, radix: 16) }
            // CAP_SYS_ADMIN is bit 21 (linux/capability.h).
            #expect(try #require(caps) & 1 << 21 == 0)
            #expect(fixture.leftovers.isEmpty)
        }

        @Test("a Dockerfile that fails says so, and one that takes too long is ended")
        func failure() async throws {
            var fixture = try BuildFixture()
            fixture.files = [("Dockerfile", "FROM scratch\nCOPY missing /\n", false)]
            let report = try await fixture.run(.dockerfile)
            #expect(report.outcome == .failed)
            #expect(report.reason.hasPrefix("buildah ended with exit code"))
            fixture.configuration.timeout = .milliseconds(1)
            #expect(try await fixture.run(.dockerfile).outcome == .timedOut)
            #expect(fixture.leftovers.isEmpty)
        }
    }
}
