import Testing

extension EndToEnd {
    /// A dependency that is down must not keep the builder from being there and saying so.
    @Suite("Starts while something that pushes need is broken")
    struct FaultStartTests {
        @Test(
            """
            a server that starts on a disk that is read-only or full is ready, tells pushes why they are refused, and notices the \
            recovery without a restart
            """)
        func readOnlyAndFull() async throws {
            let faults = [DiskFault.Place.store, .repositories].flatMap { place in
                [BreakableDisk.Failure.readOnly, .full].map { DiskFault(place: place, failure: $0) }
            }
            await FaultySite.withEach(faults, Self.course)
        }

        @Sendable
        private static func course(_ first: FaultySite) async throws {
            let fault = first.fault
            let git = try await first.site.git(building: "echo built")
            try await git.push("blog", "main").succeeded()
            let faulty = try await first.restartInOutage()
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
            let push = try await site.clone("work").push("blog", "main")
            #expect(push.status == 0, "\(fault): \(push)")
            try await site.isQuiet("blog")
            let failures = probes.failures
            #expect(failures.isEmpty, "\(fault): \(failures)\n\(server.rawLog)")
            #expect(server.process.ending == nil, "\(fault)")
        }
    }
}
