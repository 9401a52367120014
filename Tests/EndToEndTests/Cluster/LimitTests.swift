import Testing

extension ClusterTests {
    @Suite(
        "Limits of builds",
        .enabled(if: OutsideSite.host != nil, "CLUSTER_TEST_HOST, where pods reach this machine, is not set"))
    struct LimitTests {
        @Test("time, size of the log and size of the artifact end a build, and its Job with it")
        func limits() async throws {
            let outside = try await OutsideSite.start(
                "--build-timeout", "10s", "--build-max-log-size", "1MiB", "--build-max-artifact-size", "1MiB")
            let cases = [
                ("slow", "echo here; sleep 600", "was ended after 10", "timedOut"),
                ("loud", "seq -f '%099.0f' 1 30000; sleep 600", "it wrote more than 1 MiB of output", "logTooLarge"),
                (
                    "fat", "head -c 3M /dev/urandom >\"$SLIPWAY_OUTPUT/fat\"",
                    "there are more than 1048576 bytes of content", "failed"
                ),
            ]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (app, script, words, outcome) in cases {
                    group.addTask {
                        let git = try await outside.site.git(app, building: script)
                        let push = try await git.pushMain(app)
                        #expect(push.status == 1 && push.messages.contains(words), "\(app): \(push)")
                        #expect(try outside.site.builds(of: app).only.outcome == outcome)
                        guard app != "fat" else { return }
                        try await outside.builds.areGone(app, within: .seconds(30))
                    }
                }
                try await group.waitForAll()
            }
        }

        @Test("a pod that does not start within kubernetes.start-timeout is given up, with the reason")
        func startTimeout() async throws {
            let outside = try await OutsideSite.start("--kubernetes-start-timeout", "8s") { templates in
                try templates.write(
                    "templates/default.yaml", Overlay.template(spec: "nodeSelector: {slipway.dev.test/pool: none}"))
            }
            let git = try await outside.site.git(building: "true")
            let push = try await git.pushMain("stuck")
            #expect(push.status != 0 && push.messages.contains("Waiting for a node: no node is one that"), "\(push)")
            #expect(
                push.messages.contains("Kubernetes is down: no node is one that the pod's template names (0/"),
                "\(push)")
            try await outside.builds.areGone("stuck", within: .seconds(30))
        }
    }
}
