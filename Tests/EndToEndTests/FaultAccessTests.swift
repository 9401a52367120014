import FoundationEssentials
import Glibc
import Testing

extension EndToEnd {
    @Suite("Faults of the access file")
    struct FaultAccessTests {
        /// What can happen to the file.
        enum Fault: String, Sendable, CaseIterable {
            case removed, broken

            var cause: String { self == .removed ? "it cannot be read" : "it has a mistake in line 2" }
        }

        @Test(
            """
            while the access file is away or broken, pushes go on, a refused key is told that it may not be its fault, \
            and the status says so
            """)
        func trouble() async throws {
            await withTaskGroup { group in
                for fault in Fault.allCases {
                    group.addTask {
                        do {
                            try await Self.course(of: fault)
                        } catch {
                            Issue.record("\(fault): \(error)")
                        }
                    }
                }
            }
        }

        private static func course(of fault: Fault) async throws {
            let site = try await Site.start()
            let server = site.server
            let git = try await site.git(building: "echo built")
            let stranger = try await TestKey.make("stranger", in: site.directory)
            let good = try site.directory.read("access.yaml")
            try await server.isWell()
            let probes = ProbeWatch(server)

            try await refused(stranger, at: site, banner: nil, fault)
            let start = ContinuousClock.now
            switch fault {
            case .removed: try FileManager.default.removeItem(atPath: site.directory("access.yaml"))
            case .broken: try site.directory.write("access.yaml", "users:\n  alice: {keys: 7}\n")
            }
            _ = try await server.logLine("access file")
            let banner = "this may not be your key's fault: \(fault.cause). Try again in a moment"
            try await eventually("\(fault): the banner") {
                try await SSHClient(key: stranger, port: server.sshPort, directory: site.directory)
                    .run("ping", flags: loud).messages.contains(banner)
            }
            try await refused(stranger, at: site, banner: banner, fault)
            try await refusedPush(stranger, at: site, banner: banner, fault)
            // Who has a key sees nothing of it.
            #expect(try await site.ssh().run("ping", flags: loud).messages.isEmpty, "\(fault)")

            try await eventually("\(fault): it is known", within: .seconds(30)) {
                try await server.state(of: "access") == "down"
            }
            print("access file \(fault): known after \(ContinuousClock.now - start)")
            let push = try await git.push("blog", "main")
            #expect(push.status == 0 && push.messages.contains("remote: built"), "\(fault): \(push)")
            #expect(!push.messages.contains("access list"), "\(fault): \(push)")
            try await pages(of: site, fault)

            try site.directory.write("access.yaml", good)
            try await eventually("\(fault): recovery is noticed", within: .seconds(15)) {
                try await server.state(of: "access") == "up"
            }
            #expect(try await server.headline() == "Pushes work", "\(fault)")
            #expect(try await server.get("/healthz").status == 200, "\(fault)")
            try await refused(stranger, at: site, banner: nil, fault)
            let lines = server.transitions(of: "access")
            #expect(lines.map { $0["is"] } == ["up", "down", "up"], "\(fault): \(lines)")
            #expect(lines.map { $0["cause"] } == [nil, fault.cause, nil], "\(fault): \(lines)")
            #expect(probes.count > 40 && probes.failures.isEmpty, "\(fault): \(probes.failures)")
        }

        /// The clients of these tests are quiet otherwise, and leave banners out.
        private static let loud = ["-o", "LogLevel=INFO"]

        /// A key that nobody knows logs in.
        private static func refused(_ key: TestKey, at site: Site, banner: String?, _ fault: Fault) async throws {
            let ssh = SSHClient(key: key, port: site.server.sshPort, directory: site.directory)
            let login = try await ssh.run("ping", flags: loud)
            #expect(login.status == 255, "\(fault): \(login)")
            #expect(login.messages.contains("Permission denied (publickey)"), "\(fault): \(login)")
            guard let banner else {
                #expect(!login.messages.contains("slipway"), "\(fault): \(login)")
                return
            }
            let line = "slipway: the access list cannot be read right now, so \(banner)"
            #expect(login.messages.ranges(of: line).count == 1, "\(fault): \(login)")
            #expect(!login.messages.contains(site.directory("access")), "\(fault): \(login)")
        }

        /// `git push` shows the banner too.
        private static func refusedPush(_ key: TestKey, at site: Site, banner: String, _ fault: Fault) async throws {
            let ssh = SSHClient(key: key, port: site.server.sshPort, directory: site.directory)
            var git = GitClient(directory: site.directory("work"), ssh: ssh)
            git.environment["GIT_SSH_COMMAND"] = ssh.commandLine.replacing("LogLevel=ERROR", with: "LogLevel=INFO")
            let push = try await git.push("blog", "main")
            #expect(push.status == 128 && push.messages.contains(banner), "\(fault): \(push)")
        }

        private static func pages(of site: Site, _ fault: Fault) async throws {
            let server = site.server
            #expect(try await server.headline() == "Pushes work, but the access list cannot be read", "\(fault)")
            #expect(try await server.status()["tone"]?.string == "notice", "\(fault)")
            let healthz = try await server.get("/healthz")
            #expect(healthz.status == 503 && healthz.body.contains("[-]access failed: \(fault.cause)"), "\(healthz)")
            #expect(try await server.metrics()[#"slipway_dependency_up{dependency="access"}"#] == 0, "\(fault)")
            for page in try await server.pages() {
                #expect(!page.body.contains(site.directory.path), "\(fault): \(page)")
                #expect(!page.body.contains("AAAA"), "no keys, \(fault): \(page)")
            }
        }
    }
}
