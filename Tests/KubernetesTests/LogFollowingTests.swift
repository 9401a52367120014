import Synchronization
import TestSupport
import Testing

@testable import Kubernetes

@Suite("Logs that are followed through trouble", .timeLimit(.minutes(5)))
struct LogFollowingTests {
    /// Limits that a busy machine does not reach by itself.
    private static var limits: KubernetesLimits {
        var limits = TestClient.limits
        limits.logSilence = .seconds(60)
        limits.requestTime = .seconds(60)
        limits.checkTime = .seconds(60)
        return limits
    }

    private func follow(
        _ state: FakeNode.State, limits: KubernetesLimits = limits, finalPatience: Duration = .seconds(60),
        _ body: (FakeNode, FakeServer, KubernetesLog) async throws -> Void
    ) async throws {
        let node = FakeNode(state)
        let server = try await FakeServer { try await node.answer($0, $1) }
        try await TestClient.with(server.url, limits: limits) { client in
            var log = client.followLog(namespace: "n", pod: "p", container: "c")
            log.finalPatience = finalPatience
            try await body(node, server, log)
        }
        await server.stop()
    }

    @Test(
        "a log that is cut many times, of a container that ends meanwhile, is complete",
        arguments: Array<UInt64>(1...16))
    func cuts(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        var state = FakeNode.State()
        state.log = LogFile.random(120, &random)
        state.shape = seed.isMultiple(of: 2) ? .entries : .lines
        let length = state.log.rendered(state.shape).count
        state.fates = (0..<10).map { _ in
            let count = Int.random(in: 0...length, using: &random)
            return Bool.random(using: &random) ? .cut(after: count) : .end(after: count)
        }
        state.fates.append(.end())
        state.before = { number, state in if number == 5 { FakeNode.ended(&state) } }
        let content = state.log.content
        try await follow(state) { _, _, log in
            let reading = try await LogReading.of(log)
            #expect(reading.bytes == content, "seed \(seed)")
            #expect(reading.incomplete.isEmpty)
        }
    }

    @Test("an end that comes too early is not believed, also when the container has ended", arguments: [0, 10, 31, 34])
    func earlyEnd(after count: Int) async throws {
        var state = FakeNode.State()
        FakeNode.ended(&state)
        state.log.entries = (0..<5).map { .init(time: LogFile.start + $0, content: Array("line \($0)\n".utf8)) }
        state.fates = [.end(after: count), .end(after: count + 40), .end(after: count), .end()]
        let content = state.log.content
        try await follow(state) { _, _, log in
            let reading = try await LogReading.of(log)
            #expect(reading.bytes == content)
            #expect(reading.incomplete.isEmpty)
        }
    }

    @Test("a log that grows while it is followed is complete", arguments: [LogShape.entries, .lines])
    func growth(shape: LogShape) async throws {
        var random = SeededGenerator(seed: 3)
        let whole = LogFile.random(100, &random)
        var state = FakeNode.State()
        state.shape = shape
        state.before = { number, state in
            state.log.entries = Array(whole.entries.prefix(number * 10))
            if number == 10 { FakeNode.ended(&state) }
        }
        try await follow(state) { _, _, log in
            let reading = try await LogReading.of(log)
            #expect(reading.bytes == whole.content)
            #expect(reading.events.isEmpty)
        }
    }

    @Test("a container that starts late is waited for")
    func late() async throws {
        var state = FakeNode.State()
        state.container = #""waiting":{"reason":"ContainerCreating"}"#
        state.phase = "Pending"
        state.log.entries = [.init(time: LogFile.start, content: Array("hello".utf8))]
        let message = #"container \"c\" in pod \"p\" is waiting to start: ContainerCreating"#
        // The pod's status comes later than the kubelet's word, and the other way round.
        state.fates = [.fail(400, "BadRequest", message), .fail(400, "BadRequest", message), .end()]
        try await follow(state) { node, server, log in
            async let reading = LogReading.of(log)
            try await eventually("the pod was asked for") {
                server.requests.filter { $0.path.hasSuffix("/p") }.count > 3
            }
            node.state.withLock { $0.container = #""running":{}"# }
            try await eventually("the log was asked for") { node.state.withLock { $0.logRequests.count } > 2 }
            node.state.withLock { FakeNode.ended(&$0) }
            let found = try await reading
            #expect(found.bytes == Array("hello".utf8))
            #expect(found.events.isEmpty)
        }
    }

    @Test("a container that never started has an empty log")
    func never() async throws {
        var state = FakeNode.State()
        state.container = #""waiting":{"reason":"ImagePullBackOff"}"#
        state.phase = "Failed"
        state.fates = [.fail(400, "BadRequest", "container c is waiting to start: trying and failing to pull image")]
        try await follow(state) { _, _, log in
            let reading = try await LogReading.of(log)
            #expect(reading.bytes.isEmpty && reading.events.isEmpty)
        }
    }

    @Test("a silent log is asked for anew, quietly, and what comes then is not lost")
    func silence() async throws {
        var limits = Self.limits
        limits.logSilence = .seconds(1)
        limits.logSilenceMaximum = .seconds(2)
        var state = FakeNode.State()
        state.log.entries = [.init(time: LogFile.start, content: Array("a".utf8))]
        state.fates = [.stall(after: 1000), .silence, .stall(after: 1000), .end()]
        state.before = { number, state in
            guard number == 3 else { return }
            state.log.entries.append(.init(time: LogFile.start + 60_000_000_000, content: Array("b\n".utf8)))
            FakeNode.ended(&state)
        }
        try await follow(state, limits: limits) { _, _, log in
            let reading = try await LogReading.of(log)
            #expect(reading.bytes == Array("ab\n".utf8))
            #expect(reading.events.isEmpty)
        }
    }

    @Test("a connection that died in a quiet time is given up once the container is known to have ended")
    func deadConnection() async throws {
        for first in [FakeNode.Fate.stall(after: 1000), .silence] {
            var state = FakeNode.State()
            state.log.entries = [.init(time: LogFile.start, content: Array("a\n".utf8))]
            state.fates = [first, .end()]
            // Its silence may last longer than the test; a reading that began in the moment of the end waits for its patience.
            try await follow(state, finalPatience: .seconds(5)) { node, _, log in
                async let reading = LogReading.of(log)
                try await eventually("the log is read") { node.state.withLock { $0.logRequests.count } == 1 }
                node.state.withLock { state in
                    state.log.entries.append(.init(time: LogFile.start + 1, content: Array("error: b\n".utf8)))
                    FakeNode.ended(&state)
                }
                let began = ContinuousClock.now
                log.expectEnd()
                let found = try await reading
                #expect(found.bytes == Array("a\nerror: b\n".utf8) && found.events.isEmpty)
                #expect(ContinuousClock.now - began < .seconds(30))
            }
        }
    }

    @Test("each attempt at the end of a log is short, and an end that the pod does not show yet is waited for")
    func shortAttempts() async throws {
        var state = FakeNode.State()
        state.log.entries = [.init(time: LogFile.start, content: Array("a\n".utf8))]
        state.fates = [.stall(after: 1000), .silence, .stall(after: 1000), .silence, .stall(after: 1000), .end()]
        var limits = Self.limits
        limits.requestTime = .seconds(10)
        try await follow(state, limits: limits, finalPatience: .milliseconds(300)) { node, _, log in
            async let reading = LogReading.of(log)
            try await eventually("the log is read") { node.state.withLock { $0.logRequests.count } == 1 }
            let began = ContinuousClock.now
            log.expectEnd()
            try await eventually("the log is asked for again") { node.state.withLock { $0.logRequests.count } > 2 }
            node.state.withLock { FakeNode.ended(&$0) }
            let found = try await reading
            #expect(found.bytes == Array("a\n".utf8) && found.incomplete.isEmpty)
            #expect(ContinuousClock.now - began < .seconds(30))
        }
    }

    @Test("a server whose version could not be had is asked again for the next reading")
    func unknownVersion() async throws {
        var state = FakeNode.State()
        state.shape = .lines
        state.versionFailures = 1
        state.fates = [.end()]
        // In the second reading: a time that would be taken for a stamp by a kubelet that has them in lines.
        let printed = LogFile.stamp(LogFile.start + 2_000_000_000)
        state.log.entries = [.init(time: LogFile.start, content: Array("a\n".utf8))]
        state.before = { number, state in
            guard number == 1 else { return }
            state.log.entries.append(
                .init(time: LogFile.start + 1, content: Array("due ".utf8) + printed + Array(".\n".utf8)))
            FakeNode.ended(&state)
        }
        try await follow(state) { _, server, log in
            let reading = try await LogReading.of(log)
            #expect(reading.bytes == Array("a\ndue ".utf8) + printed + Array(".\n".utf8))
            #expect(reading.events.isEmpty)
            #expect(server.requests.count { $0.path == "/version" } == 2)
        }
    }

    @Test("who reads on after a refusal goes on where it was, once it is over")
    func refusalThatEnds() async throws {
        var limits = Self.limits
        limits.patience = .milliseconds(100)
        var state = FakeNode.State()
        state.log.entries = [.init(time: LogFile.start, content: Array("a\n".utf8))]
        state.fates = [.end(), .fail(403, "Forbidden", "pods/log is forbidden")]
        try await follow(state, limits: limits) { node, _, log in
            var events = log.makeAsyncIterator()
            var reading = LogReading()
            var refusals = 0
            while true {
                do {
                    guard let event = try await events.next() else { break }
                    reading.take(event)
                } catch let error as KubernetesError {
                    #expect(error.kind == .forbidden)
                    refusals += 1
                    try #require(refusals < 10)
                    let requests = node.state.withLock { $0.logRequests.count }
                    if refusals == 3 {
                        node.state.withLock { state in
                            state.fates = [.end()]
                            state.log.entries.append(.init(time: LogFile.start + 1, content: Array("b\n".utf8)))
                            FakeNode.ended(&state)
                        }
                    }
                    #expect(requests > refusals)
                }
            }
            #expect(refusals == 3)
            #expect(reading.bytes == Array("a\nb\n".utf8))
            #expect(reading.interruptions == [.forbidden] && reading.events.last == .resumed)
        }
    }

    @Test("an outage is told once, and its end")
    func outage() async throws {
        var state = FakeNode.State()
        state.log.entries = [.init(time: LogFile.start, content: Array("ab\n".utf8))]
        state.fates = [.cut(after: 32), .fail(503, "ServiceUnavailable", "no"), .end()]
        state.before = { number, state in if number == 1 { state.podFailure = 503 } }
        try await follow(state) { node, server, log in
            async let reading = LogReading.of(log)
            try await eventually("the server was asked in vain") {
                server.requests.filter { $0.path.hasSuffix("/p") }.count > 6
            }
            node.state.withLock { state in
                state.podFailure = nil
                FakeNode.ended(&state)
            }
            let found = try await reading
            #expect(found.bytes == Array("ab\n".utf8))
            #expect(found.interruptions == [.serverError])
            #expect(found.events.last == .resumed && found.events.count == 2)
        }
    }

    @Test("a part that the node has rotated away is told where it is missing")
    func rotation() async throws {
        var state = FakeNode.State()
        state.log.entries = [.init(time: LogFile.start, content: Array("old\n".utf8))]
        state.fates = [.end()]
        state.before = { number, state in
            guard number == 1 else { return }
            state.log.entries = [.init(time: LogFile.start + 5_000_000_000, content: Array("new\n".utf8))]
            FakeNode.ended(&state)
        }
        try await follow(state) { _, _, log in
            let reading = try await LogReading.of(log)
            #expect(reading.bytes == Array("old\nnew\n".utf8))
            #expect(reading.incomplete.count == 1)
        }
    }

    @Test("a kubelet's own message is no part of the log, and is no end")
    func talk() async throws {
        var state = FakeNode.State()
        state.log.entries = [.init(time: LogFile.start, content: Array("a\n".utf8))]
        state.fates = [.talk("failed to watch file: too many open files"), .end()]
        state.before = { number, state in
            guard number == 2 else { return }
            state.log.entries.append(.init(time: LogFile.start + 1, content: Array("b\n".utf8)))
            FakeNode.ended(&state)
        }
        try await follow(state) { _, _, log in
            let reading = try await LogReading.of(log)
            #expect(reading.bytes == Array("a\nb\n".utf8))
        }
    }

    @Test("a log whose end the node no longer has is said to be incomplete, and ends")
    func removed() async throws {
        var state = FakeNode.State()
        FakeNode.ended(&state)
        state.fates = [.talk("unable to retrieve container logs for containerd://1234")]
        try await follow(state) { _, _, log in
            let reading = try await LogReading.of(log)
            #expect(reading.bytes.isEmpty)
            #expect(reading.incomplete == ["the node does not give the end of the log"])
        }
    }

    @Test("a pod that goes away ends the log, and says so", arguments: ["gone", "another", "restarted"])
    func gone(how: String) async throws {
        var state = FakeNode.State()
        state.log.entries = [.init(time: LogFile.start, content: Array("a\n".utf8))]
        state.before = { number, state in
            guard number == 2 else { return }
            switch how {
            case "gone": state.isGone = true
            case "another": state.uid = "u2"
            default: state.restarts = 1
            }
        }
        try await follow(state) { _, _, log in
            let reading = try await LogReading.of(log)
            #expect(reading.bytes == Array("a\n".utf8))
            #expect(reading.incomplete.count == 1)
        }
    }

    @Test("a pod or container that is not there is an error at once")
    func missing() async throws {
        var state = FakeNode.State()
        state.isGone = true
        try await follow(state) { node, _, log in
            await #expect(throws: KubernetesError.self) { _ = try await LogReading.of(log) }
            node.state.withLock { state in
                state.isGone = false
                state.fates = [.fail(400, "BadRequest", "container x is not valid for pod p")]
            }
            let other = log.client.followLog(namespace: "n", pod: "p", container: "x")
            do {
                _ = try await LogReading.of(other)
                Issue.record("read")
            } catch let error as KubernetesError {
                // The fake server knows the path of the pod only; the container is missing in its spec.
                #expect(error.kind == .notFound)
            }
        }
    }

    @Test("a refusal is told, and believed after a while")
    func refusal() async throws {
        var limits = Self.limits
        limits.patience = .milliseconds(300)
        var state = FakeNode.State()
        state.fates = [.fail(403, "Forbidden", "pods/log is forbidden")]
        try await follow(state, limits: limits) { _, _, log in
            var reading = LogReading()
            do {
                for try await event in log { reading.take(event) }
                Issue.record("ended")
            } catch let error as KubernetesError {
                #expect(error.kind == .forbidden)
            }
            #expect(reading.interruptions == [.forbidden])
        }
    }

    @Test("cancelling ends a silent log at once and closes its connection")
    func cancellation() async throws {
        var limits = Self.limits
        limits.logSilence = .seconds(600)
        var state = FakeNode.State()
        state.log.entries = [.init(time: LogFile.start, content: Array("a\n".utf8))]
        state.fates = [.stall(after: 1000)]
        try await follow(state, limits: limits) { _, server, log in
            let seen = Mutex(0)
            let task = Task {
                for try await _ in log { seen.withLock { $0 += 1 } }
            }
            try await eventually("the first bytes came") { seen.withLock { $0 } == 1 }
            let began = ContinuousClock.now
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(ContinuousClock.now - began < .seconds(5))
            // The connection of the version's request may stay in the pool.
            try await eventually("the log's connection is closed") { server.openConnections <= 1 }
        }
    }

    @Test("a reader that stops in the middle closes the connection")
    func breaking() async throws {
        var limits = Self.limits
        limits.logSilence = .seconds(600)
        var state = FakeNode.State()
        state.log.entries = [.init(time: LogFile.start, content: Array("a\n".utf8))]
        state.fates = [.stall(after: 1000)]
        try await follow(state, limits: limits) { _, server, log in
            for try await _ in log { break }
            try await eventually("the log's connection is closed") { server.openConnections <= 1 }
        }
    }
}
