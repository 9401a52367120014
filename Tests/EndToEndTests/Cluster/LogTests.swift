import Testing

extension ClusterTests {
    @Suite(
        "Logs", .enabled(if: OutsideSite.host != nil, "CLUSTER_TEST_HOST, where pods reach this machine, is not set"))
    struct LogTests {
        /// By how much one log may raise the server's resident memory.
        private static let growthLimit = 64 << 20

        @Test("a log of 100 MB comes whole and in order, and the server's memory stays as it is")
        func large() async throws {
            let outside = try await OutsideSite.start()
            // A million lines of 100 bytes.
            let print100MB = "seq -f '%099.0f' 1 1000000"
            let git = try await outside.site.git(building: "echo first; \(print100MB); echo last")
            let memory = try PeakMemory(of: outside.site.server)
            let start = ContinuousClock.now
            let push = try await git.pushMain("talker", within: .seconds(240)).accepted()
            let time = ContinuousClock.now - start
            let growth = try memory.growth
            print("a log of 100 MB: \(time), memory \(memory.before.inMegabytes) +\(growth.inMegabytes)")
            #expect(growth < Self.growthLimit)

            let log = try #require(outside.site.builds(of: "talker").only.log)
            let path = outside.site.builds(of: "talker").path(log.key)
            let compared = try await Command(
                "/bin/bash",
                ["-c", "sed -n '/^first$/,/^last$/p' '\(path)' | sed '1d;$d' | cmp - <(\(print100MB))"]
            ).run()
            #expect(compared.status == 0, "\(compared)\n\(push.messages.suffix(2000))")
            #expect(log.size > 100_000_000)
            let read = push.messages.split(separator: "\n").count { $0.hasPrefix("remote: 000") }
            #expect(read == 1_000_000)
        }

        @Test("a log that is cut ten times loses no byte and repeats none")
        func cut() async throws {
            let directory = try TemporaryDirectory()
            let proxy = try await CuttingProxy(in: directory)
            let outside = try await OutsideSite.start(kubeconfig: proxy.kubeconfig)
            // Short lines, lines longer than what the node keeps in one piece, bytes that are no text, and ends in mid-line.
            let text = """
                for i in $(seq 1 600); do
                  echo "line $i"
                  if [ $((i % 50)) = 0 ]; then head -c 40000 /dev/zero | tr '\\0' x; echo " after $i"; fi
                  if [ $((i % 70)) = 0 ]; then printf 'half of %s \\377\\r' $i; sleep 0.05; echo "and the rest"; fi
                  sleep 0.02
                done
                """
            let git = try await outside.site.git(building: "echo first\n\(text)\necho last")
            let push = try git.startPush("cut", "main")
            for number in 1...10 {
                try await push.isTold("remote: line \(number * 50) ")
                #expect(try await proxy.cut() > 0)
            }
            let result = try await push.result(within: .seconds(120)).accepted()
            let log = try #require(outside.site.builds(of: "cut").only.log)
            let path = outside.site.builds(of: "cut").path(log.key)
            // What is Slipway's own among it begins with seven blanks, and ends the line in whose middle it comes: so ends of lines
            // are left out here, and looked at below.
            let compared = try await Command(
                "/bin/bash",
                [
                    "-c",
                    """
                    sed -n '/^first$/,/^last$/p' '\(path)' | sed '1d;$d' | LC_ALL=C grep -av '^       The cluster ' | tr -d '\\n' \
                        | cmp - <({ \(text)
                    } | tr -d '\\n')
                    """,
                ]
            ).run()
            #expect(compared.status == 0, "\(compared) \(result.messages.suffix(2000))")
            let lines = result.told.compactMap { $0.wholeMatch(of: /line (\d+)/)?.1 }
            let around = result.messages.firstRange(of: "line 70 ").map {
                result.messages[$0.lowerBound...].prefix(400)
            }
            #expect(lines == (1...600).map { "\($0)" }, "\(String(describing: around))")
        }
    }
}
