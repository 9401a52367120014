import BlockingPool
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
