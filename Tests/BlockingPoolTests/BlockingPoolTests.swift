import BlockingPool
import Dispatch
import NIOPosix
import Synchronization
import Testing

@Suite("Blocking work")
struct BlockingPoolTests {
    private struct Refused: Error {}

    @Test("work is done to its end and its result comes back, also in a cancelled task")
    func cancelled() async throws {
        let task = Task {
            unsafe withUnsafeCurrentTask { task in unsafe task?.cancel() }
            #expect(Task.isCancelled)
            return try await NIOThreadPool.singleton.runToEnd { 7 }
        }
        #expect(try await task.value == 7)
    }

    @Test("what the work throws comes back")
    func failure() async {
        await #expect(throws: Refused.self) { try await NIOThreadPool.singleton.runToEnd { throw Refused() } }
    }

    @Test("work that hangs is given up after the patience, and what had not begun is not done later")
    func hangs() async throws {
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        let release = DispatchSemaphore(value: 0)
        let isDone = Mutex(false)
        // The thread runs from here on.
        try await pool.runToEnd {}
        await #expect(throws: PoolWorkHangs.self) {
            try await pool.runToEnd(within: .milliseconds(500)) { release.wait() }
        }
        #expect(pool.stuckThreads == 1)
        // The only thread is taken: this does not begin before it is given up.
        await #expect(throws: PoolWorkHangs.self) {
            try await pool.runToEnd(within: .milliseconds(500)) { isDone.withLock { $0 = true } }
        }
        #expect(pool.stuckThreads == 1)
        release.signal()
        #expect(try await pool.runToEnd(within: .seconds(10)) { 7 } == 7)
        #expect(pool.stuckThreads == 0)
        #expect(!isDone.withLock { $0 })
        try await pool.shutdownGracefully()
        await #expect(throws: PoolStopped.self) { try await pool.runToEnd(within: .seconds(10)) {} }
    }

    @Test("what the work throws comes back also when there is a limit")
    func failureWithinLimit() async {
        await #expect(throws: Refused.self) {
            try await NIOThreadPool.singleton.runToEnd(within: .seconds(10)) { throw Refused() }
        }
    }

    @Test("a stopped pool refuses work, but for what must not be left undone")
    func stopped() async throws {
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        try await pool.shutdownGracefully()
        await #expect(throws: PoolStopped.self) { try await pool.runToEnd {} }
        let isDone = Mutex(false)
        await pool.runAlways { isDone.withLock { $0 = true } }
        #expect(isDone.withLock { $0 })
    }
}
