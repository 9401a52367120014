import Builds
import Glibc
import Identifiers
import TestSupport
import Testing

extension RealBuildTests {
    /// Where builds get their directories.
    @Suite struct BuildWorkspaceTests {
        @Test("what cannot be removed at the start is logged, and the rest is removed")
        func leftovers() async throws {
            let fixture = try BuildFixture()
            let workspace = fixture.configuration.workspace
            try HostDirectory.make(workspace)
            let stale = (0..<3).map { _ in PushID.generate().rawValue }
            try HostDirectory.make(workspace + "/" + stale[0])
            // Named like a build, but not a directory.
            try HostDirectory.touch(workspace + "/" + stale[1])
            try HostDirectory.make(workspace + "/" + stale[2])
            let log = RecordingLog()
            try await LocalExecutor(configuration: fixture.configuration, logger: log.logger).prepare()
            #expect(fixture.leftovers == [stale[1]])
            #expect(log.lines.count { $0.hasPrefix("error") && $0.contains("path=\(workspace)/\(stale[1])") } == 1)
            #expect(log.lines.contains { $0.hasPrefix("notice") && $0.hasSuffix("builds=2") })
        }

        @Test(
            "a workspace that somebody put in place of the server's is not used", arguments: ["link", "mode", "owner"])
        func foreign(kind: String) async throws {
            guard kind != "owner" || geteuid() == 0 else { return }
            let fixture = try BuildFixture(script: "true")
            let workspace = fixture.configuration.workspace
            let other = fixture.directory.path + "/other"
            try HostDirectory.make(other, mode: 0o700)
            switch kind {
            case "link": try HostDirectory.link(workspace, to: other)
            case "mode":
                try HostDirectory.make(workspace)
                _ = unsafe chmod(workspace, 0o775)
            default:
                try HostDirectory.make(workspace)
                _ = unsafe chown(workspace, 65534, 65534)
            }
            _ = try await fixture.refusal("its folder for builds cannot be used")
            #expect(HostDirectory.names(other).isEmpty)
            await #expect(throws: (any Error).self) { try await fixture.executor.prepare() }
        }
    }
}
