import Synchronization
import SystemCalls
import TestSupport
import Testing

@testable import Builds

@Suite struct DiskTests {
    /// A file system whose free bytes are read from a list, the last one again and again.
    private final class ScriptedDisk: Sendable {
        private let free: Mutex<[Int64]>
        private let counted = Mutex(0)
        private let asked = Mutex(0)

        init(free: [Int64]) { self.free = Mutex(free) }

        var timesCounted: Int { counted.withLock { $0 } }
        var timesAsked: Int { asked.withLock { $0 } }

        func next() -> Int64 {
            asked.withLock { $0 += 1 }
            return free.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
        }
        func count() { counted.withLock { $0 += 1 } }

        func watch(limit: Int64, used: Int64?) async throws -> DiskWatch {
            try await DiskWatch(limit: limit, interval: .milliseconds(1)) {
                self.next()
            } used: {
                self.count()
                return used
            }
        }
    }

    @Test("a build is counted once the disk lost what it may use", .timeLimit(.minutes(5)))
    func exceeded() async throws {
        let disk = ScriptedDisk(free: [1000, 950, 901, 900])
        try await disk.watch(limit: 100, used: 101).waitUntilExceeded()
        #expect(disk.timesCounted == 1)
    }

    @Test("what others give back does not hide what a build takes", .timeLimit(.minutes(5)))
    func givenBack() async throws {
        let disk = ScriptedDisk(free: [1000, 1500, 1399])
        try await disk.watch(limit: 100, used: 101).waitUntilExceeded()
    }

    @Test(
        "a build goes on when others took the disk, when it cannot be counted, and uncounted when the disk lost little",
        arguments: [(Int64(800), Int64?.some(100), true), (800, nil, true), (901, 5000, false)])
    func within(free: Int64, used: Int64?, isCounted: Bool) async throws {
        let disk = ScriptedDisk(free: [1000, free])
        let watch = try await disk.watch(limit: 100, used: used)
        let waiting = Task { try await watch.waitUntilExceeded() }
        try await eventually("it looked more than once") { disk.timesAsked > 3 }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        #expect((disk.timesCounted > 0) == isCounted)
    }

    @Test(
        "a build starts with the minimum and 2 % free, and not with less",
        arguments: [(20, 1000, false), (19, 1000, true), (9, 100, true), (10, 100, false)] as [(Int64, Int64, Bool)])
    func room(free: Int64, total: Int64, isRefused: Bool) {
        #expect((FileSystemSpace(free: free, total: total).shortage(minimum: 10) != nil) == isRefused)
    }

    @Test(
        "a build starts only where many more files can be made",
        arguments: [
            (10_000, 1_000_000, false), (9_999, 1_000_000, true), (50, 1000, false), (49, 1000, true), (0, 0, false),
        ]
            as [(Int64, Int64, Bool)])
    func inodes(free: Int64, total: Int64, isRefused: Bool) {
        let space = FileSystemSpace(free: 100, total: 100, freeInodes: free, totalInodes: total)
        #expect((space.shortage(minimum: 10) != nil) == isRefused)
    }

    @Test("sizes are told exactly", arguments: [(16 << 30, "16 GiB"), (3 << 20, "3 MiB"), (1500, "1500 bytes")])
    func words(bytes: Int64, words: String) {
        #expect(ByteCount.words(bytes) == words)
    }
}
