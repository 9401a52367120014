import Testing

extension ClusterTests {
    @Suite("Updates and drains")
    struct RolloutTests {
        /// What became of the pushes of one app.
        private struct Tally: Sendable {
            var accepted = 0
            /// Told to try again before anything was uploaded.
            var putOff = 0
            /// The longest time from one that was accepted to the next.
            var gap = Duration.zero
            /// Everything else.
            var lost: [String] = []

            static func + (left: Tally, right: Tally) -> Tally {
                Tally(
                    accepted: left.accepted + right.accepted, putOff: left.putOff + right.putOff,
                    gap: max(left.gap, right.gap), lost: left.lost + right.lost)
            }
        }

        @Test("a rolling update with pushes in flight loses none of them")
        func rollingUpdate() async throws {
            let site = try await Installation.ready()
            let kubectl = Installation.kubectl
            let old = try await site.pod()
            let long = site.app("across")
            let git = try await site.git(long, building: "echo here; \(GitClient.waitForLeave); echo done")
            let inFlight = try git.startPush(long, "main")
            try await inFlight.isTold("remote: here")

            let over = Flag()
            async let first = pushes(site, "loop-one", until: over)
            async let second = pushes(site, "loop-two", until: over)
            let start = ContinuousClock.now
            do {
                try await kubectl("rollout", "restart", "deployment/slipway")
                try await kubectl.eventually("the old pod is ending", within: .seconds(90)) {
                    try await kubectl.list("pods", Installation.serverLabels).contains {
                        $0.uid == old.uid && $0.isBeingDeleted
                    }
                }
                print("the new pod has taken over after \(ContinuousClock.now - start)")
                // The old one drains now, and its build is not finished.
                #expect(inFlight.process.ending == nil)
                try await site.builds.giveLeave(long)
                try await inFlight.result(within: .seconds(60)).accepted()
                try await site.isWell()
            } catch {
                over.raise()
                throw error
            }
            over.raise()
            let tally = try await first + second
            print(
                "rolling update in \(ContinuousClock.now - start): \(tally.accepted) pushes accepted, \(tally.putOff) put off before their upload, 1 across; longest gap \(tally.gap)"
            )
            #expect(tally.lost.isEmpty, "\(tally.lost)")
            #expect(tally.accepted > 4)
            // Nodes may need longer to forget a server than the 5 s for which it still serves when it ends.
            #expect(tally.putOff <= 1)
            #expect(tally.gap < .seconds(30), "\(tally.gap)")
            #expect(try await site.pod().uid != old.uid)
            #expect(try await git.remoteMain(long) == git("rev-parse", "HEAD"))
        }

        /// Pushes one commit after the other, until it is enough, and once more.
        private func pushes(_ site: Installation, _ name: String, until over: Flag) async throws -> Tally {
            let app = site.app(name)
            let git = try await site.git(name, building: "echo ok")
            var tally = Tally()
            var isLast = false
            var accepted = ContinuousClock.now
            while !isLast {
                isLast = over.isUp
                let commit = try await git.commit("Push \(tally.accepted + tally.putOff)")
                let (client, trace) = try git.traced("\(name)-\(tally.accepted + tally.putOff)")
                let push = try await client.pushMain(app)
                if push.status == 0 {
                    tally.accepted += 1
                    tally.gap = max(tally.gap, .now - accepted)
                    accepted = .now
                    if try await git.remoteMain(app) != commit { tally.lost.append("accepted but not there: \(push)") }
                } else if !trace.hasPacked, push.messages.contains("again") {
                    tally.putOff += 1
                } else {
                    tally.lost.append("\(push)")
                }
            }
            return tally
        }

        @Test("a node's drain honours the disruption budget: of two servers one stays, and serves")
        func drain() async throws {
            let site = try await Installation.ready()
            let (cluster, kubectl) = (Kubectl(), Installation.kubectl)
            let nodes = try await cluster.json("get", "nodes")["items"]?.elements ?? []
            try #require(nodes.count == 1, "this test wants to have all there is drained, and that is one node")
            let node = nodes[0].name
            // Both on the node: they share a volume.
            try await kubectl("scale", "deployment", "slipway", "--replicas=2")
            let pushing: RunningCommand
            let git = try await site.git("drained", building: "echo built")
            do {
                try await kubectl.eventually("two servers are ready") {
                    try await kubectl.list("pods", Installation.serverLabels).count { $0.has(condition: "Ready") } == 2
                }
                let drain = try await cluster.run([
                    "drain", node, "--pod-selector=\(Installation.serverLabels)", "--delete-emptydir-data",
                    "--timeout=40s",
                ])
                #expect(drain.status == 1, "\(drain)")
                let refusals = drain.messages.matches(
                    of: /Cannot evict pod as it would violate the pod's disruption budget/)
                #expect(!refusals.isEmpty, "\(drain)")
                let left = try await kubectl.list("pods", Installation.serverLabels).filter {
                    !$0.isBeingDeleted && $0.has(condition: "Ready")
                }
                #expect(left.count == 1, "\(left.map(\.name))")
                // Whoever pushes now is served, and reads why it takes long.
                pushing = try git.startPush(site.app("drained"), "main")
                try await pushing.isTold(
                    "Waiting for a node: the nodes take no pods at the moment", within: .seconds(60))
            } catch {
                try await restore(node)
                throw error
            }
            try await restore(node)
            try await pushing.result(within: .seconds(90)).accepted()
            try await site.isWell()
        }

        private func restore(_ node: String) async throws {
            try await Kubectl()("uncordon", node)
            try await Installation.kubectl.eventually("two servers are ready again", within: .seconds(90)) {
                let pods = try await Installation.kubectl.list("pods", Installation.serverLabels)
                return pods.count { $0.has(condition: "Ready") && !$0.isBeingDeleted } == 2
            }
            try await Installation.kubectl("scale", "deployment", "slipway", "--replicas=1")
        }
    }
}
