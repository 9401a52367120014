import Testing

extension EndToEnd {
    /// A dependency that is down must not keep the builder from being there and saying so.
    @Suite("Starts while something that pushes need is broken")
    struct FaultStartTests {
        private static let places: [DiskFault.Place] = [.store, .repositories, .workspaces]

        @Test(
            """
            a server that starts on a disk that is read-only or full is ready, tells pushes why they are refused, and notices the \
            recovery without a restart
            """)
        func readOnlyAndFull() async throws {
            let faults = Self.places.flatMap { place in
                [BreakableDisk.Failure.readOnly, .full].map { DiskFault(place: place, failure: $0) }
            }
            await FaultySite.withEach(faults, Self.course)
        }

        @Test("the same on a disk that hangs, and the log says which step of the start waits for it")
        func hung() async throws {
            let faults = Self.places.map { DiskFault(place: $0, failure: .hung) }
            await FaultySite.withEach(faults) { first in
                let server = try await Self.course(first, flags: [])
                let step =
                    switch first.fault.place {
                    case .store: "opening the object store"
                    case .repositories: "clearing up the repositories"
                    case .workspaces: "clearing up the folder for builds"
                    }
                let waiting = server.log.filter { $0.message == "a step of the start takes long" }
                #expect(waiting.contains { $0["step"] == step }, "\(first.fault): \(waiting)")
                let done = server.log.filter { $0.message == "a step of the start that took long is done" }
                #expect(done.contains { $0["step"] == step }, "\(first.fault): \(done)")
            }
        }

        @Test("where the gate is off, pushes wait for the clean-up of the repositories all the same")
        func withoutGate() async throws {
            await FaultySite.withEach([DiskFault(place: .repositories, failure: .hung)]) { first in
                _ = try await Self.course(first, flags: ["--push-gate", "off"])
            }
        }

        @Sendable
        private static func course(_ first: FaultySite) async throws { _ = try await course(first, flags: []) }

        /// - Returns: The server that was started during the outage; it has ended.
        private static func course(_ first: FaultySite, flags: [String]) async throws -> SlipwayServer {
            let fault = first.fault
            let git = try await first.site.git(building: "echo built")
            try await git.push("blog", "main").succeeded()
            let faulty = try await first.restartInOutage(flags: flags) { try plantLeftovers(first.site) }
            defer { faulty.end() }
            let (site, server) = (faulty.site, faulty.site.server)
            try await eventually("\(fault): it is ready") { try await server.get("/readyz").status == 200 }
            let probes = ProbeWatch(server)

            try await git.commit("In the outage")
            let refused = try await site.clone("work").push("blog", "main")
            #expect(refused.status == 128, "\(fault): \(refused)")
            #expect(refused.messages.contains("right now: \(fault.title) is down"), "\(fault): \(refused)")
            #expect(fault.causes.contains { refused.messages.contains("\($0).\n") }, "\(fault): \(refused)")

            try await faulty.mend()
            #expect(site.leftovers(of: "blog").isEmpty, "\(fault): cleared away before a push comes in")
            // It would be refused for the planted lock of the ref.
            let push = try await site.clone("work").push("blog", "main")
            #expect(push.status == 0, "\(fault): \(push)")
            try await site.isQuiet("blog")
            let failures = probes.failures
            #expect(failures.isEmpty, "\(fault): \(failures)\n\(server.rawLog)")
            #expect(server.process.ending == nil, "\(fault)")
            return server
        }

        /// What a server leaves behind that is killed during a push.
        private static func plantLeftovers(_ site: Site) throws {
            try site.directory.makeDirectory("data/repositories/blog.git/objects/incoming-killed")
            try site.directory.write("data/repositories/blog.git/refs/heads/main.lock", "")
            try site.directory.makeDirectory("data/workspaces/01JD0000000000000000000000")
        }
    }
}
