import Synchronization

/// A part of a budget: given back when nobody holds it any more, if not before.
final class BudgetShare: Sendable {
    private let budget: FairBudget
    private let amount: Atomic<Int>

    private init(_ amount: Int, of budget: FairBudget) {
        self.budget = budget
        self.amount = Atomic(amount)
    }

    deinit { end() }

    /// Waits for a share and takes it.
    ///
    /// - Parameters:
    ///   - amount: How much; all there is, if that is less.
    ///   - budget: Where from.
    /// - Returns: The share.
    /// - Throws: `CancellationError`.
    static func take(_ amount: Int, of budget: FairBudget) async throws -> BudgetShare {
        BudgetShare(try await budget.take(amount), of: budget)
    }

    /// Gives it back now; of no effect when that was done.
    func end() {
        let amount = amount.exchange(0, ordering: .relaxed)
        if amount > 0 { budget.give(amount) }
    }
}
