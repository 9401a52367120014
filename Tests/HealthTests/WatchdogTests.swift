import Dispatch
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Health

@Suite struct WatchdogTests {
    @Test("a heartbeat is watched from its first beat until it retires, and named when it stands still for 5 looks")
    func looks() {
        let heartbeat = Heartbeat(name: "acceptor")
        let watchdog = Watchdog(heartbeats: [heartbeat])
        for _ in 0..<100 { #expect(watchdog.look().isEmpty) }
        #expect(watchdog.stalled.isEmpty)
        heartbeat.beat()
        _ = watchdog.look()
        for _ in 0..<4 { _ = watchdog.look() }
        #expect(watchdog.stalled.isEmpty)
        _ = watchdog.look()
        #expect(watchdog.stalled == [Stall(name: "acceptor", seconds: 5)])
        for _ in 0..<24 { #expect(watchdog.look().isEmpty) }
        #expect(watchdog.stalled == [Stall(name: "acceptor", seconds: 29)])
        #expect(watchdog.look() == [Stall(name: "acceptor", seconds: 30)])
        heartbeat.beat()
        #expect(watchdog.look().isEmpty)
        #expect(watchdog.stalled.isEmpty)
        for _ in 0..<20 { _ = watchdog.look() }
        #expect(!watchdog.stalled.isEmpty)
        heartbeat.retire()
        #expect(watchdog.look().isEmpty)
        #expect(watchdog.stalled.isEmpty)
    }

    @Test("a thread that really blocks fails /livez, then the process is ended, the cause named")
    func blocked() async throws {
        let heartbeat = Heartbeat(name: "acceptor")
        let fine = Heartbeat(name: "supervisor")
        let words = Mutex<[String]>([])
        let crashes = Atomic<Int>(0)
        let watchdog = Watchdog(
            heartbeats: [heartbeat, fine], tick: .milliseconds(100), crashAfter: .seconds(2),
            announce: { line in words.withLock { $0.append(line) } },
            crash: { crashes.add(1, ordering: .sequentiallyConsistent) })
        let block = Atomic<Bool>(false)
        let end = Atomic<Bool>(false)
        let stuck = DispatchSemaphore(value: 0)
        try BackgroundThread.start(name: "patient") {
            while !end.load(ordering: .relaxed) {
                fine.beat()
                if block.load(ordering: .relaxed) { stuck.wait() }
                heartbeat.beat()
                usleep(1_000)
            }
        }
        defer { end.store(true, ordering: .relaxed) }
        // Another thread beats for the one that is fine, as the blocked one cannot.
        try BackgroundThread.start(name: "fine") {
            while !end.load(ordering: .relaxed) {
                fine.beat()
                usleep(1_000)
            }
        }
        try watchdog.start()
        try watchdog.start()
        try await eventually("both beat") { heartbeat.count > 10 && fine.count > 10 }
        #expect(watchdog.stalled.isEmpty)
        block.store(true, ordering: .relaxed)
        try await eventually("it is stalled") { watchdog.stalled.map(\.name) == ["acceptor"] }
        try await eventually("it is ended") { crashes.load(ordering: .sequentiallyConsistent) == 1 }
        try await eventually("it said why") { words.withLock { !$0.isEmpty } }
        #expect(
            words.withLock { $0 } == [
                "watchdog: heartbeat \"acceptor\" has stood still for 2 s;"
                    + " only a restart mends that, so the process ends itself now"
            ])
        block.store(false, ordering: .relaxed)
        stuck.signal()
        watchdog.stop()
        #expect(watchdog.stalled.isEmpty)
    }

    @Test("last words that hang do not keep the process from ending")
    func hangingWords() async throws {
        let heartbeat = Heartbeat(name: "acceptor")
        let crashes = Atomic<Int>(0)
        let never = DispatchSemaphore(value: 0)
        let watchdog = Watchdog(
            heartbeats: [heartbeat], tick: .milliseconds(10), crashAfter: .milliseconds(50),
            announce: { _ in never.wait() }, crash: { crashes.add(1, ordering: .sequentiallyConsistent) })
        heartbeat.beat()
        try watchdog.start()
        try await eventually("it is ended") { crashes.load(ordering: .sequentiallyConsistent) == 1 }
        never.signal()
        watchdog.stop()
    }

    @Test("a watchdog that does not look any more is told, but not one whose process was only stopped")
    func ownStall() throws {
        let watchdog = Watchdog(heartbeats: [], tick: .seconds(3_600))
        let now = ContinuousClock.now
        #expect(watchdog.stalled(at: now + .seconds(3_600 * 3_600)).isEmpty, "it has not been started")
        try watchdog.start()
        defer { watchdog.stop() }
        #expect(watchdog.stalled(at: now + .seconds(4 * 3_600)).isEmpty)
        // Months later by the clock, the first reader: SIGCONT may have come a moment ago.
        #expect(watchdog.stalled(at: now + .seconds(3_600 * 3_600)).isEmpty)
        #expect(watchdog.stalled(at: now + .seconds(3_601 * 3_600)).isEmpty)
        #expect(watchdog.stalled(at: now + .seconds(3_603 * 3_600)).map(\.name) == ["watchdog"])
        // It looks again: all is well.
        _ = watchdog.look()
        #expect(watchdog.stalled(at: .now).isEmpty)
        #expect(watchdog.stalled(at: now + .seconds(7_200 * 3_600)).isEmpty)
    }

    @Test("with all threads of Swift's pool blocked, the process ends itself and says why")
    func blockedPool() async throws {
        let result = await #expect(processExitsWith: .signal(SIGABRT), observing: [\.standardErrorContent]) {
            let heartbeat = Heartbeat(name: Heartbeat.supervisorName)
            let watchdog = Watchdog(
                heartbeats: [heartbeat], tick: .milliseconds(200), crashAfter: .seconds(2),
                crash: {
                    // The same end as abort(), without the crash report of the Swift runtime, which takes long.
                    signal(SIGABRT, SIG_DFL)
                    abort()
                })
            try watchdog.start()
            let pulse = Pulse(heartbeat: heartbeat)
            Task.detached { await pulse.run() }
            while heartbeat.count < 2 { try await Task.sleep(for: .milliseconds(10)) }
            for _ in 0..<256 { Task.detached { sleep(600) } }
            try await Task.sleep(for: .seconds(600))
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("watchdog: heartbeat \"supervisor\" has stood still for 2 s; only a restart mends that"))
    }
}
