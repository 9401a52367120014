import Glibc
import Synchronization
import Testing

@testable import HealthServer

/// The reason why probes are answered on the event loop.
@Suite(.serialized) struct BlockedPoolTests {
    /// Blocks all of Swift's threads until it is told to stop, or for so long at most.
    private final class Blockade: Sendable {
        private static let limitSeconds = 15
        private let isOver = Atomic<Bool>(false)
        private let blocked = Atomic<Int>(0)

        /// How many threads are blocked now.
        var threads: Int { blocked.load(ordering: .acquiring) }

        /// More tasks than there can be threads.
        func start() {
            let deadline = ContinuousClock.now + .seconds(Self.limitSeconds)
            for _ in 0..<(2 * sysconf(Int32(_SC_NPROCESSORS_CONF))) {
                Task.detached { [self] in
                    blocked.add(1, ordering: .acquiringAndReleasing)
                    while !isOver.load(ordering: .acquiring), ContinuousClock.now < deadline { usleep(1000) }
                    blocked.subtract(1, ordering: .acquiringAndReleasing)
                }
            }
        }

        func end() { isOver.store(true, ordering: .releasing) }
    }

    /// What the thread outside saw.
    private struct Seen: Sendable {
        var wasBlockedAtTheEnd = false
        var newConnections: [Int] = []
        var keptConnection: [Int] = []
        var slowest = Duration.zero
    }

    @Test("probes are answered on new and on kept connections while all of Swift's threads are blocked")
    func blockedPool() async {
        // In a process of its own: others take memory, too.
        await #expect(processExitsWith: .success) {
            try await TestServer.run { server in
                let blockade = Blockade()
                let seen = try await onThread { [port = server.port] in
                    let kept = try RawClient(port: port)
                    try kept.ask("/healthz")
                    var seen = Seen()
                    seen.keptConnection.append(try kept.response().code)

                    blockade.start()
                    defer { blockade.end() }
                    // Blocked when no more come in: a task that should run at once does not.
                    let deadline = ContinuousClock.now + .seconds(10)
                    var known = -1
                    while blockade.threads != known || known == 0 {
                        guard ContinuousClock.now < deadline else { break }
                        known = blockade.threads
                        usleep(100_000)
                    }
                    let canary = Canary()
                    canary.fly()
                    usleep(200_000)

                    // More than the ten that the HTTP server would let wait.
                    for number in 0..<40 {
                        let start = ContinuousClock.now
                        let client = try RawClient(port: port, limitSeconds: 5)
                        try client.ask(number.isMultiple(of: 2) ? "/livez" : "/readyz?verbose")
                        seen.newConnections.append(try client.response().code)
                        try kept.ask("/livez")
                        seen.keptConnection.append(try kept.response().code)
                        seen.slowest = max(seen.slowest, ContinuousClock.now - start)
                    }
                    seen.wasBlockedAtTheEnd = !canary.hasFlown
                    return seen
                }
                #expect(seen.wasBlockedAtTheEnd)
                #expect(seen.newConnections == [Int](repeating: 200, count: 40))
                #expect(seen.keptConnection == [Int](repeating: 200, count: 41))
                #expect(seen.slowest < .seconds(5))
                // And all is as before afterwards.
                #expect(try await server.get("/healthz").code == 200)
            }
        }
    }

    /// A task that runs as soon as any thread is free.
    private final class Canary: Sendable {
        private let flown = Atomic<Bool>(false)
        var hasFlown: Bool { flown.load(ordering: .acquiring) }
        func fly() { Task.detached { [self] in flown.store(true, ordering: .releasing) } }
    }
}
