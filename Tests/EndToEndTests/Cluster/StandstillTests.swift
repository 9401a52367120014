import Testing

extension ClusterTests {
    @Suite("A server that stands still")
    struct StandstillTests {
        @Test("a stopped server is restarted by its liveness probe, and nothing else is; pushes work afterwards")
        func stopped() async throws {
            let site = try await Installation.ready()
            let kubectl = Installation.kubectl
            let git = try await site.git("stopped", building: "true")
            let (pod, others) = try await (site.pod(), others())
            let start = ContinuousClock.now
            // tini, the first process, goes on.
            try await site.signal("STOP")
            try await kubectl.eventually("the pod is taken out of its Service") {
                try await !kubectl.json("get", "pod", pod.name).has(condition: "Ready")
            }
            print("a stopped server's pod is not ready after \(ContinuousClock.now - start)")
            try await kubectl.eventually("the container is started again", within: .seconds(240)) {
                try await kubectl.json("get", "pod", pod.name).restarts == pod.restarts + 1
            }
            print("a stopped server is started again after \(ContinuousClock.now - start)")
            try await site.isWell()
            let after = try await site.pod()
            #expect(after.uid == pod.uid)
            // It did not end when it was asked to: it could not.
            let state = after["status", "containerStatuses"]?.elements.first
            #expect(state?["lastState", "terminated", "exitCode"]?.number == 137, "\(String(describing: state))")
            #expect(try await self.others() == others)
            let events = try await kubectl.json(
                "get", "events", "--field-selector", "involvedObject.name=\(pod.name),reason=Unhealthy")
            let reasons = (events["items"]?.elements ?? []).compactMap { $0["message"]?.string }
            #expect(reasons.contains { $0.hasPrefix("Liveness probe failed: ") }, "\(reasons)")
            try await git.pushMain(site.app("stopped")).accepted()
        }

        /// How often the containers of all other pods were started again.
        private func others() async throws -> [String: Int] {
            let pods = try await Installation.kubectl.list("pods").filter {
                $0["metadata", "labels", "app.kubernetes.io/name"]?.string != "slipway"
            }
            return Dictionary(uniqueKeysWithValues: pods.map { ($0.name, $0.restarts) })
        }
    }
}
