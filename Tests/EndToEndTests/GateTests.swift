import Glibc
import Testing

extension EndToEnd {
    @Suite("The gate")
    struct GateTests {
        @Test("a push does not notice a gate behind which all is well")
        func cost() async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git()
            try await git.commit()
            try await site.server.isWell()
            // One connection for all of them: it is not what is measured.
            var fast = git
            let shared = " -o ControlPath=\(site.directory("control")) -o ControlMaster=auto -o ControlPersist=60"
            fast.environment["GIT_SSH_COMMAND"] = git.ssh.commandLine + shared
            let count = 50
            for number in 1...count { try await fast.push("blog", "main:refs/heads/b\(number)").succeeded() }

            let metrics = try await site.server.metrics()
            func figure(_ series: String) -> Double { metrics["slipway_gate_duration_seconds_\(series)"] ?? 0 }
            #expect(figure("count") == Double(count))
            let within = figure(#"bucket{le="0.001"}"#)
            let mean = figure("sum") / figure("count") * 1000
            print("gate: \(Int(within)) of \(count) pushes passed within 1 ms, mean \(mean) ms")
            // On a machine that does something else as well, a thread may wait for its turn: most do not.
            #expect(within >= Double(count) / 2)
            #expect(metrics[#"slipway_gate_answers_total{answer="passed"}"#] == Double(count))
            #expect(metrics[#"slipway_gate_answers_total{answer="refused"}"#] == 0)
            #expect(metrics[#"slipway_pushes_total{outcome="accepted"}"#] == Double(count))
        }

        @Test("the first push after the start finds all checked, whether it comes before the first check or after it")
        func first() async throws {
            let site = try await Site.start()
            let git = try await site.git(building: "echo built")
            // Not well yet, maybe: that is the point.
            try await git.push("blog", "main").succeeded()
            #expect(try await site.server.metrics()[#"slipway_gate_answers_total{answer="passed"}"#] == 1)
        }

        @Test(
            "with the gate off, a push goes on to the phase that needs what is down, and is refused there, with nothing half-done"
        )
        func off() async throws {
            let faults = [DiskFault(place: .store, failure: .readOnly), DiskFault(place: .store, failure: .full)]
            await FaultySite.withEach(
                faults, flags: ["--push-gate", "off", "--push-retry", "2s"], Self.course)
        }

        private static func course(_ faulty: FaultySite) async throws {
            let fault = faulty.fault
            let site = faulty.site
            let git = try await site.git(building: "echo built")
            try await faulty.fail()
            let headline = try await site.server.headline()
            #expect(headline == "Pushes are accepted, but fail: object storage is down")
            #expect(try await site.server.status()["gateIsOn"] == .bool(false))

            let push = try await git.push("blog", "main")
            #expect(push.status == 1, "\(fault): \(push)")
            #expect(push.messages.contains("; trying again for "), "\(fault): \(push)")
            #expect(
                fault.causes.contains { push.messages.contains("Object storage is down: \($0).") }, "\(fault): \(push)")
            #expect(push.messages.contains("Nothing was changed."), "\(fault): \(push)")
            #expect(
                push.messages.contains("! [remote rejected] main -> main (object storage is down)"), "\(fault): \(push)"
            )
            #expect(!push.messages.contains(site.directory.path), "\(fault): \(push)")
            try await site.isQuiet("blog")
            #expect(try await site.refs("blog").isEmpty, "\(fault)")
            let metrics = try await site.server.metrics()
            #expect(metrics[#"slipway_gate_answers_total{answer="off"}"#] == 1, "\(fault)")
            #expect(metrics[#"slipway_pushes_total{outcome="failed"}"#] == 1, "\(fault)")

            try await faulty.mend()
            let again = try await git.push("blog", "main")
            #expect(again.status == 0 && !again.messages.contains("Waiting for a push"), "\(fault): \(again)")
            let commit = try await git("rev-parse", "HEAD")
            #expect(try await site.refs("blog") == ["refs/heads/main": commit], "\(fault)")
            #expect(site.builds(of: "blog").records.map(\.outcome).last == "succeeded", "\(fault)")
        }
    }
}
