import Testing

extension ClusterTests {
    @Suite("What Slipway needs goes away")
    struct OutageTests {
        /// How long the bucket stays away.
        private static let outage = Duration.seconds(180)

        @Test("no bucket for three minutes: no restart, always ready; pushes are told within 3 s; recovery by itself")
        func bucket() async throws {
            let site = try await Installation.ready()
            let kubectl = Installation.kubectl
            let git = try await site.git("bucket", building: "true")
            let app = site.app("bucket")
            try await git.pushMain(app).accepted()
            let before = try await git.remoteMain(app)
            let pod = try await site.pod()
            let watch = try await PodWatch(kubectl, pod: pod.name)

            let begin = ContinuousClock.now
            try await kubectl("scale", "deployment", "slipway-s3", "--replicas=0")
            try await kubectl.eventually("the outage is known") { try await site.state(of: "storage") == "down" }
            print("the bucket's outage is known after \(ContinuousClock.now - begin)")
            var slowest = Duration.zero
            var count = 0
            repeat {
                try await git.commit("During the outage")
                let (client, trace) = try git.traced("outage-\(count)")
                let start = ContinuousClock.now
                let push = try await client.pushMain(app)
                slowest = max(slowest, .now - start)
                count += 1
                #expect(push.status == 128, "\(push)")
                #expect(
                    push.messages.contains(
                        "remote error: \(app) can't be built right now: object storage is down (since "),
                    "\(push)")
                #expect(push.messages.contains("Nothing was uploaded and nothing was changed."))
                #expect(!trace.hasPacked)
                #expect(watch.states == ["True 0"])
                // Time is what this test is about: a push now and then.
                try await Task.sleep(for: .seconds(8))
            } while ContinuousClock.now - begin < Self.outage
            print("\(count) pushes without a bucket, the slowest told after \(slowest)")
            #expect(slowest < .seconds(3))

            try await kubectl("scale", "deployment", "slipway-s3", "--replicas=1")
            try await kubectl.eventually("the bucket is there again", within: .seconds(90)) {
                try await kubectl.list("pods", Installation.bucketLabels).contains { $0.has(condition: "Ready") }
            }
            let back = ContinuousClock.now
            try await kubectl.eventually("recovery is noticed", within: .seconds(15)) {
                try await site.state(of: "storage") == "up"
            }
            print("the bucket's recovery is noticed after \(ContinuousClock.now - back)")
            try await git.pushMain(app).accepted()
            #expect(try await git.remoteMain(app) != before)
            #expect(watch.isOn && watch.states == ["True 0"])
            let after = try await site.pod()
            #expect(after.uid == pod.uid && after.restarts == 0)
            let unhealthy = try await kubectl.json(
                "get", "events", "--field-selector", "reason=Unhealthy,involvedObject.name=\(pod.name)")
            let late = (unhealthy["items"]?.elements ?? []).filter {
                $0["message"]?.string?.hasPrefix("Startup") == false
            }
            #expect(late.isEmpty, "\(late)")
        }

        @Test(
            "no API server for 30 s in the middle of a build: the build goes on, nothing of its log is lost or repeated",
            .enabled(if: TestBed.isHere, "only the test bed's API server can be stopped"))
        func apiServer() async throws {
            let site = try await Installation.ready()
            let (app, other) = (site.app("steady"), site.app("late"))
            let git = try await site.git(
                app,
                building: """
                    i=0; until [ -e "$HOME/leave" ]; do i=$((i + 1)); echo "line $i"; sleep 0.1; done
                    echo "the last is $i"
                    """)
            let late = try await site.git(other, building: "true")
            let pod = try await site.pod()
            let push = try git.startPush(app, "main")
            try await push.isTold("remote: line 20 ")

            try await TestBed.call("stop-component", "apiserver")
            let gone = ContinuousClock.now
            // From here on by the pod's own address, as nothing else is known of the cluster.
            let refused: CommandResult
            do {
                try await push.isTold("The cluster does not answer; the build goes on", within: .seconds(25))
                let (client, trace) = try late.traced("late")
                refused = try await client.pushMain(other, within: .seconds(20))
                #expect(!trace.hasPacked)
                try await Task.sleep(until: gone + .seconds(30))
                try await TestBed.call("start-component", "apiserver")
            } catch {
                try await TestBed.call("start-component", "apiserver")
                throw error
            }
            print("the API server was away for \(ContinuousClock.now - gone)")
            #expect(refused.status == 128, "\(refused)")
            // With its time, or with the cause that was just found: the outage is about as old as one may be unnoticed.
            #expect(
                refused.messages.contains("remote error: \(other) can't be built right now: Kubernetes is down"),
                "\(refused)")

            try await push.isTold("The cluster answers again", within: .seconds(60))
            let known = push.messages.split(separator: "\n").count { $0.hasPrefix("remote: line ") }
            try await push.isTold("remote: line \(known + 50) ", within: .seconds(60))
            try await site.builds.giveLeave(app)
            let result = try await push.result(within: .seconds(60)).accepted()
            let lines = result.told.filter { $0.hasPrefix("line ") }
            #expect(lines.count > 300)
            let numbers = lines.map { $0.split(separator: " ").last.flatMap { Int($0) } }
            #expect(numbers == Array(1...lines.count))
            #expect(result.told.contains("the last is \(lines.count)"))
            #expect(try await git.remoteMain(app) == git("rev-parse", "HEAD"))
            try await site.isWell()
            let after = try await site.pod()
            #expect(after.uid == pod.uid && after.restarts == pod.restarts)
            try await late.pushMain(other).accepted()
        }
    }
}
