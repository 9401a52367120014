import FoundationEssentials
import Testing

extension EndToEnd {
    @Suite("Metrics over HTTP")
    struct ProbeMetricsTests {
        /// What dashboards and alerts of others rely on; a change of a name must make a test fail.
        private static let names: Set<String> = [
            "process_cpu_seconds_total", "process_max_fds", "process_open_fds", "process_resident_memory_bytes",
            "process_start_time_seconds", "process_threads", "process_virtual_memory_bytes", "slipway_build_info",
            "slipway_builds_total", "slipway_dependency_abandoned_checks", "slipway_dependency_check_duration_seconds",
            "slipway_dependency_checks_total", "slipway_dependency_transitions_total", "slipway_dependency_up",
            "slipway_draining", "slipway_event_loop_lag_seconds", "slipway_gate_answers_total",
            "slipway_gate_duration_seconds", "slipway_metrics_dropped_series_total", "slipway_probe_answers_total",
            "slipway_push_duration_seconds", "slipway_push_phase_duration_seconds", "slipway_push_received_bytes_total",
            "slipway_push_received_objects_total", "slipway_pushes_in_progress", "slipway_pushes_queued",
            "slipway_pushes_total", "slipway_ready", "slipway_simulated_faults", "slipway_ssh_auth_attempts_total",
            "slipway_ssh_connections", "slipway_ssh_connections_limit", "slipway_ssh_connections_total",
            "slipway_ssh_dial_duration_seconds", "slipway_ssh_dials_total", "slipway_ssh_handshake_failures_total",
            "slipway_ssh_refused_connections_total", "slipway_push_retries_total",
        ]

        @Test(
            "promtool finds nothing to say about the metrics, at the start and after pushes and failures of all kinds")
        func promtool() async throws {
            let site = try await Site.start(users: ["alice": ["blog", "shop"], "bob": []])
            try await lint(site)
            try await happenings(at: site)
            try await lint(site)
        }

        @Test("every metric of the catalogue has a series from the start, and those that are promised are there")
        func catalogue() async throws {
            let site = try await Site.start()
            let metrics = Metrics(try await site.server.ask("/metrics").body)
            let missing = Self.names.subtracting(metrics.families)
            #expect(missing.isEmpty, "\(missing.sorted())")
            // Those of a store over S3 are there when there is one.
            let listed = try Self.listed().filter { !$0.hasPrefix("slipway_s3_") }
            #expect(listed.count > 30)
            #expect(metrics.families == listed, "\(metrics.families.symmetricDifference(listed).sorted())")
            for family in metrics.families { #expect(metrics.hasSeries(family), "\(family) has no series") }
        }

        /// The names in the catalogue's source, which a test of the built program cannot import.
        private static func listed() throws -> Set<String> {
            let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent()
            let folder = root.appending(path: "Sources/PrometheusExposition").path
            let files = try HostFile.paths(below: folder).filter { $0.hasPrefix("SlipwayMetrics") }
            return try files.reduce(into: []) { names, file in
                let text = String(decoding: try HostFile.read("\(folder)/\(file)"), as: UTF8.self)
                for match in text.matches(of: /"((?:slipway|process)_[a-z0-9_]+)"/) { names.insert(String(match.1)) }
            }
        }

        @Test("what happened is counted, once")
        func counts() async throws {
            let site = try await Site.start(users: ["alice": ["blog", "shop"], "bob": []])
            try await happenings(at: site)
            let metrics = Metrics(try await site.server.ask("/metrics").body)
            let expected: [String: Double] = [
                "slipway_pushes_total{outcome=\"accepted\"}": 2, "slipway_pushes_total{outcome=\"refused\"}": 1,
                "slipway_pushes_total{outcome=\"nothing\"}": 1, "slipway_pushes_total{outcome=\"failed\"}": 0,
                "slipway_builds_total{outcome=\"succeeded\"}": 1, "slipway_builds_total{outcome=\"failed\"}": 1,
                "slipway_gate_answers_total{answer=\"passed\"}": 4, "slipway_gate_answers_total{answer=\"refused\"}": 0,
                "slipway_push_phase_duration_seconds_count{phase=\"build\"}": 2,
                "slipway_push_phase_duration_seconds_count{phase=\"promote\"}": 2,
                "slipway_dependency_up{dependency=\"storage\"}": 1,
                "slipway_probe_answers_total{code=\"405\",endpoint=\"livez\"}": 1,
                "slipway_probe_answers_total{code=\"404\",endpoint=\"other\"}": 1,
                "slipway_pushes_in_progress": 0, "slipway_ready": 1, "slipway_draining": 0,
                "slipway_ssh_connections_limit": 1024,
            ]
            for (series, value) in expected {
                #expect(metrics[series] == value, "\(series): \(String(describing: metrics[series]))")
            }
            #expect(metrics["slipway_push_received_bytes_total"] ?? 0 > 0)
            #expect(metrics["slipway_ssh_auth_attempts_total{result=\"refused\"}"] ?? 0 > 0)
            #expect(metrics["process_resident_memory_bytes"] ?? 0 > 1_000_000)
        }

        /// A push that is built, one whose build fails, a tag, one with nothing new; refusals; wrong questions.
        private func happenings(at site: Site) async throws {
            let git = try await site.git(building: "echo built")
            try await git.push("blog", "main").succeeded()
            try await git.push("blog", "main").succeeded()
            try await git.push("blog", "main:refs/tags/v1").succeeded()
            try git.writeBuild("exit 3")
            try await git.commit("Broken")
            #expect(try await git.push("shop", "main").status == 1)
            // Neither an app of hers, nor a command of ours, nor a key that is known.
            #expect(try await git.push("other", "main").status == 128)
            #expect(try await site.ssh().run("ls").status == 127)
            let stranger = SSHClient(
                key: try await TestKey.make("stranger", in: site.directory), port: site.server.sshPort,
                directory: site.directory)
            #expect(try await stranger.run("ping").status == 255)
            #expect(try await site.server.ask("/livez", "-X", "POST").status == 405)
            #expect(try await site.server.ask("/nowhere").status == 404)
            // The client has its answer a moment before the server has counted it.
            try await eventually("the pushes are counted") {
                let metrics = Metrics(try await site.server.ask("/metrics").body)
                return metrics["slipway_push_duration_seconds_count"] == 4 && metrics["slipway_pushes_in_progress"] == 0
            }
        }

        private func lint(_ site: Site) async throws {
            var promtool = Command("/usr/bin/promtool", ["check", "metrics"])
            promtool.input = Array(try await site.server.ask("/metrics").body.utf8)
            let result = try await promtool.run()
            #expect(result.status == 0 && result.output.isEmpty && result.messages.isEmpty, "\(result)")
        }
    }
}
