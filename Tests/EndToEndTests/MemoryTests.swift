import Glibc
import Testing

extension EndToEnd {
    @Suite("The server's memory")
    struct MemoryTests {
        /// By how much one push may raise the server's resident memory.
        private static let growthLimit = 32 << 20
        /// What an authenticated connection that does nothing may cost, in bytes.
        private static let connectionLimit = 100_000

        @Test("a pack of 300 MB raises the server's memory by less than 32 MB", arguments: ["none", "local"])
        func largePack(executor: String) async throws {
            let site = try await Site.start("--executor", executor)
            let git = try await site.git(
                building: "stat -c 'size %s' noise; head -c 50M noise >\"$SLIPWAY_OUTPUT/part\"")
            try await git.commitNoise(megabytes: 300)
            let memory = try PeakMemory(of: site.server)
            let start = ContinuousClock.now
            let push = try await git.push("blog", "main").succeeded()
            let time = ContinuousClock.now - start
            let growth = try memory.growth
            let sizes = "\(memory.before.inMegabytes) +\(growth.inMegabytes)"
            print("pack of 300 MiB, executor \(executor): \(time), memory \(sizes)")
            #expect(growth < Self.growthLimit)
            guard executor == "local" else { return }
            #expect(push.messages.contains("remote: size \(300 << 20)"))
            #expect(try #require(site.builds(of: "blog").only.artifact).size > 50 << 20)
        }

        @Test("a pack of 60,000 small objects raises the server's memory by less than 32 MB")
        func manyObjects() async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git()
            // Blobs by fast-import, in a tenth of the time that files would take.
            try await git.shell(
                """
                {
                  echo 'commit refs/heads/main'
                  echo 'committer Ada <ada@example.org> 1700000000 +0000'
                  printf 'data 4\\nMany\\n'
                  for i in $(seq 60000); do
                    echo "M 644 inline $((i % 250))/$i"; printf 'data %d\\n%s\\n' ${#i} $i
                  done
                } | git fast-import --quiet
                """)
            let memory = try PeakMemory(of: site.server)
            try await git.push("blog", "main").succeeded()
            let growth = try memory.growth
            print("pack of 60,000 objects: memory +\(growth.inMegabytes)")
            #expect(growth < Self.growthLimit)
        }

        @Test("an idle authenticated connection costs less than 100 KB, and gives it back")
        func idleConnections() async throws {
            let site = try await Site.start("--log-level", "debug")
            let count = 150
            func logins() -> Int { site.server.log.count { $0.message == "logged in" } }
            // The first ones pay for what is made once.
            #expect(try await site.ssh().run("ping").status == 0)
            let before = try site.server.residentMemory
            var clients: [RunningCommand] = []
            // A few at a time: more would be more than may be logging in at once.
            for index in 1...count {
                clients.append(try site.ssh().command([], flags: ["-N"]).start())
                if index.isMultiple(of: 10) {
                    try await eventually("\(index) clients are in", within: .seconds(30)) { logins() > index }
                }
            }
            let each = (try site.server.residentMemory - before) / count
            print("an idle authenticated connection costs \(each / 1000) KB")
            #expect(each < Self.connectionLimit)

            for client in clients { client.process.signalGroup(SIGKILL) }
            clients.removeAll()
            try await eventually("all have gone") {
                site.server.log.count { $0.message == "connection ended" } > count
            }
            #expect(try await site.ssh().run("ping").status == 0)
        }
    }
}
