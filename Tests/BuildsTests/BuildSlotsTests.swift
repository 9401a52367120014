import Synchronization
import Testing

@testable import Builds

@Suite struct BuildSlotsTests {
    private final class Running: Sendable {
        private let state = Mutex((now: 0, most: 0, done: 0))

        var most: Int { state.withLock { $0.most } }
        var done: Int { state.withLock { $0.done } }

        func enter() { state.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.done) } }
        func leave() { state.withLock { $0 = ($0.now - 1, $0.most, $0.done + 1) } }
    }

    @Test("never more than the limit run, and all get their turn")
    func limit() async throws {
        let slots = BuildSlots(limit: 3)
        let running = Running()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    try await slots.withSlot(onWait: { _ in }) {
                        running.enter()
                        await Task.yield()
                        running.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(running.most <= 3)
        #expect(running.done == 200)
    }

    @Test("who is cancelled while waiting leaves the queue and takes no slot along")
    func cancellation() async throws {
        let slots = BuildSlots(limit: 1)
        let gate = Gate()
        let held = Gate()
        let first = Task {
            try await slots.withSlot(onWait: { _ in }) {
                held.open()
                try await gate.wait()
            }
        }
        try await held.wait()
        let told = Gate()
        let second = Task {
            try await slots.withSlot(onWait: { _ in told.open() }) { Issue.record("the slot was taken") }
        }
        try await told.wait()
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        gate.open()
        try await first.value
        try await slots.withSlot(onWait: { _ in Issue.record("the slot is not free") }) {}
    }
}
