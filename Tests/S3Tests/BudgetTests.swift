import Synchronization
import Testing

@testable import S3

@Suite("A budget that many share", .timeLimit(.minutes(1)))
struct BudgetTests {
    /// Who was served, in order.
    private final class Served: Sendable {
        private let names = Mutex<[String]>([])

        var all: [String] { names.withLock { $0 } }

        func add(_ name: String) { names.withLock { $0.append(name) } }
    }

    /// Begins to wait, so that whoever comes next is behind it.
    private func wait(for amount: Int, of budget: FairBudget, as name: String, _ served: Served) -> Task<Int, any Error>
    {
        // It runs here until it waits.
        Task.immediate {
            let taken = try await budget.take(amount)
            served.add(name)
            return taken
        }
    }

    @Test("who came first is served first, also when those behind want less")
    func order() async throws {
        let (budget, served) = (FairBudget(10), Served())
        #expect(try await budget.take(8) == 8)
        let large = wait(for: 5, of: budget, as: "large", served)
        let small = wait(for: 1, of: budget, as: "small", served)
        #expect(served.all == [], "there is enough for the small one, but it came later")
        budget.give(2)
        #expect(served.all == [], "4 are not 5")
        budget.give(1)
        #expect(try await large.value == 5)
        budget.give(1)
        #expect(try await small.value == 1)
        #expect(served.all == ["large", "small"])
    }

    @Test("who is cancelled while waiting takes nothing, and does not hold up those behind")
    func cancelled() async throws {
        let (budget, served) = (FairBudget(10), Served())
        #expect(try await budget.take(8) == 8)
        let large = wait(for: 5, of: budget, as: "large", served)
        let small = wait(for: 2, of: budget, as: "small", served)
        large.cancel()
        await #expect(throws: CancellationError.self) { try await large.value }
        #expect(try await small.value == 2)
        budget.give(10)
        #expect(try await budget.take(10) == 10)
        let early = Task {
            unsafe withUnsafeCurrentTask { task in unsafe task?.cancel() }
            return try await budget.take(1)
        }
        await #expect(throws: CancellationError.self) { try await early.value }
    }

    @Test("more than there is counts as all there is")
    func clamped() async throws {
        let budget = FairBudget(10)
        #expect(try await budget.take(11) == 10)
        budget.give(10)
        #expect(try await budget.take(10) == 10)
    }

    @Test("a share comes back once, when it is ended or let go of")
    func shares() async throws {
        let budget = FairBudget(10)
        let share = try await BudgetShare.take(10, of: budget)
        share.end()
        share.end()
        do { _ = try await BudgetShare.take(10, of: budget) }
        #expect(try await budget.take(10) == 10)
        let served = Served()
        let more = wait(for: 1, of: budget, as: "more", served)
        #expect(served.all == [])
        budget.give(1)
        _ = try await more.value
    }
}
