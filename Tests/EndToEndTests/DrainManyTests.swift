import Glibc
import Testing

extension EndToEnd {
    @Suite("Shutdown during many pushes")
    struct DrainManyTests {
        /// Builds that fail, so that the end has refs that move and refs that do not.
        private static let apps = (1...17).map { "good-\($0)" } + (1...3).map { "bad-\($0)" }
        private static let build = """
            echo started
            \(GitClient.waitForLeave)
            case $SLIPWAY_APP in bad-*) exit 7 ;; esac
            """

        @Test("SIGTERM during 20 pushes: all finish, late ones are served, and readiness tells each step")
        func finish() async throws {
            let site = try await Site.start("--drain-delay", "20s", "--build-max-concurrent", "21")
            let git = try await site.git(building: Self.build)
            let quick = try await site.git("quick", building: "echo built late")
            let commit = try await git("rev-parse", "HEAD")
            try await git("tag", "v1")
            let pushes = try Self.apps.map { app in
                (app, try git.startPush(app, "main", "v1", flags: ["--porcelain"]))
            }
            // In all stages: some build, some have only just been let in.
            try await eventually("20 pushes have begun", within: .seconds(120)) {
                Self.lines(of: site, with: "push started").count == 20
            }
            let start = ContinuousClock.now
            site.server.process.signal(SIGTERM)
            let life = Task { await Self.life(of: site.server) }

            // First step: still accepting.
            let first = try await readiness(of: site, /\[-\]drain failed: (draining: still accepting .*)\n/)
            #expect(first.contains(/still accepting connections for \d+ s/), "\(first)")
            #expect(try await quick.push("late", "main").succeeded().messages.contains("remote: built late"))
            // Second step: no new connections.
            let second = try await readiness(of: site, /\[-\]drain failed: (draining: no new connections; .*)\n/)
            #expect(second.contains(/; 20 pushes finish, for at most \d+ s/), "\(second)")
            print("drain: after \(ContinuousClock.now - start): \(second)")
            let refused = try await quick.push("later", "main")
            #expect(refused.status == 128 && refused.messages.contains("Connection refused"), "\(refused)")
            for (_, push) in pushes { try await push.says("remote: started", within: .seconds(60)) }
            #expect(pushes.allSatisfy { $0.1.process.ending == nil })

            try site.giveLeave()
            for (app, push) in pushes {
                let result = try await push.result()
                let isGood = app.hasPrefix("good")
                #expect(result.status == (isGood ? 0 : 1), "\(app): \(result)")
                let moved = Self.report(result)
                #expect(moved == ["refs/heads/main": isGood, "refs/tags/v1": true], "\(app): \(result)")
                let expected = moved.filter(\.value).mapValues { _ in commit }
                #expect(try await site.refs(app) == expected, "\(app)")
            }
            #expect(try await site.server.process.wait(within: .seconds(60)) == .exited(0))
            print("drain: 20 pushes finished and the server ended after \(ContinuousClock.now - start)")
            try await expectLife(life)
            #expect(Self.apps.allSatisfy { site.leftovers(of: $0).isEmpty })
            #expect(try await site.refs("late").count == 1)
            #expect(HostFile.exists(site.repository("later")) == false)
            Self.expectJSON(site.server)
        }

        @Test("whoever pushes in a loop into a shutdown is told the truth: what was reported is what is there")
        func truth() async throws {
            let site = try await Site.start("--drain-delay", "1s")
            let git = try await site.git(building: "sleep 0.2")
            try site.directory.write("loop", Self.loop)
            let clients = try (1...20).map { number in
                var command = Command(
                    "/bin/bash", ["-u", site.directory("loop"), "\(number)", git.remote("app-\(number)")])
                command.environment = git.variables
                command.directory = git.directory
                return try command.start()
            }
            try await eventually("every client has pushed", within: .seconds(40)) {
                (1...20).allSatisfy { HostFile.exists(site.directory("good.\($0)")) }
            }
            site.server.process.signal(SIGTERM)
            #expect(try await site.server.process.wait(within: .seconds(60)) == .exited(0))
            var (pushes, ends) = (0, Set<String>())
            for (number, client) in zip(1..., clients) {
                try await client.result().succeeded()
                let good = try site.directory.read("good.\(number)").split(separator: "\n").map(String.init)
                #expect(try await site.refs("app-\(number)") == ["refs/heads/main": good.last])
                #expect(site.leftovers(of: "app-\(number)").isEmpty)
                pushes += good.count
                let end = try site.directory.read("end.\(number)")
                let isTold = end.contains("Connection refused") || end.contains("The builder is restarting")
                #expect(isTold, "the client was told: \(end)")
                ends.insert(String(end.prefix { $0 != "\n" }))
            }
            print("\(pushes) pushes in 20 loops until the shutdown; the last words were \(ends.sorted())")
            Self.expectJSON(site.server)
        }

        @Test("20 pushes that outlast the deadline are all told of the restart, nothing changes, and nothing is left")
        func deadline() async throws {
            // 10 s of it are kept for the end itself, so pushes have ten.
            let site = try await Site.start("--drain-grace-period", "20s", "--build-max-concurrent", "16")
            let nap = HostProcesses.uniqueNap()
            let git = try await site.git(building: "echo started\nsleep \(nap)")
            let pushes = try Self.apps.map { app in (app, try git.startPush(app, "main", flags: ["--porcelain"])) }
            // The last four wait for a place.
            try await eventually("16 builds run", within: .seconds(60)) {
                pushes.filter { $0.1.messages.contains("remote: started") }.count == 16
            }
            try await eventually("all have begun") { Self.lines(of: site, with: "push started").count == 20 }
            let start = ContinuousClock.now
            site.server.process.signal(SIGTERM)
            let told = try await readiness(of: site, /\[-\]drain failed: (draining: no new connections; .*)\n/)
            #expect(told.contains(/; 20 pushes finish, for at most \d+ s/), "\(told)")
            for (app, push) in pushes {
                let result = try await push.result(within: .seconds(60))
                #expect(result.status == 1)
                let words = "The builder is restarting. Push again in a moment. Nothing was changed."
                #expect(result.messages.contains(words), "\(app): \(result)")
                #expect(Self.report(result) == ["refs/heads/main": false], "\(app): \(result)")
            }
            #expect(try await site.server.process.wait(within: .seconds(60)) == .exited(0))
            print("deadline: 20 pushes told and the server ended after \(ContinuousClock.now - start)")
            #expect(ContinuousClock.now - start < .seconds(20))
            for (app, _) in pushes {
                #expect(try await site.refs(app).isEmpty)
                #expect(site.leftovers(of: app).isEmpty)
            }
            #expect(HostProcesses.with(argument: nap).isEmpty)
            Self.expectJSON(site.server)
        }

        // MARK: Looks

        /// Waits for a step to stand in the verbose answer, whose other lines must say that all else is well.
        private func readiness(of site: Site, _ step: Regex<(Substring, Substring)>) async throws -> String {
            try await eventually("readiness tells the step", within: .seconds(60)) {
                let answer = try await site.server.ask("/readyz?verbose")
                guard answer.status == 503, let found = answer.body.firstMatch(of: step) else { return nil }
                #expect(answer.body.contains("[-]circuit failed: draining\n"), "\(answer)")
                #expect(
                    answer.body.contains("[+]acceptor ok\n[+]watchdog ok\n[+]slots ok\n[+]workspace ok\n"), "\(answer)")
                return String(found.1)
            }
        }

        /// Asks `/livez` until nobody answers, and gives all the statuses that there were.
        private static func life(of server: SlipwayServer) async -> [Int] {
            var statuses: [Int] = []
            let client = ProbeClient(port: server.healthPort, keepsAlive: false)
            while server.process.ending == nil {
                let answer = client.ask("/livez")
                // The last connection of all may be cut by the end itself.
                if answer.status != 0 || server.process.ending == nil { statuses.append(answer.status) }
                try? await Task.sleep(for: .milliseconds(50))
            }
            return statuses
        }

        private func expectLife(_ life: Task<[Int], Never>) async throws {
            var statuses = await life.value
            // Between the socket's end and the process's there is a moment without an answer.
            if statuses.last == 0 { statuses.removeLast() }
            #expect(statuses.count > 20)
            #expect(statuses.allSatisfy { $0 == 200 }, "\(statuses)")
        }

        private static func lines(of site: Site, with text: String) -> [Substring] {
            site.server.rawLog.split(separator: "\n").filter { $0.contains(text) }
        }

        private static func expectJSON(_ server: SlipwayServer) {
            let odd = server.rawLog.split(separator: "\n").filter { LogLine($0) == nil }
            #expect(odd.isEmpty, "not JSON: \(odd)")
        }

        /// What `git push --porcelain` was told of each ref: whether it moved.
        private static func report(_ result: CommandResult) -> [String: Bool] {
            var report: [String: Bool] = [:]
            for line in result.text.split(separator: "\n") {
                let parts = line.split(separator: "\t")
                guard parts.count == 3, let ref = parts[1].split(separator: ":").last else { continue }
                report[String(ref)] = parts[0] != "!"
            }
            return report
        }

        /// A client that pushes one commit after the other until it is refused, noting what it was told.
        private static let loop = """
            cd "$HOME/.." && git clone -q work "clone-$1" && cd "clone-$1"
            while git commit -q --allow-empty -m Next; do
                if git push -q "$2" main 2>"../end.$1"; then
                    git rev-parse HEAD >>"../good.$1"
                else
                    exit 0
                fi
            done
            """
    }
}
