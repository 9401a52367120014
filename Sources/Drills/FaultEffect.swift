/// How something fails on purpose.
package enum FaultEffect: Sendable, Equatable {
    case down
    /// It takes this much longer.
    case slow(Duration)
    /// This part of all tries fails, at random: 0 to 1.
    case flaky(Double)

    /// What a failure is called, where a real one has a cause.
    static let cause = "a fault is simulated"

    /// Lets the effect take place once.
    ///
    /// - Returns: Whether what was tried is to fail.
    /// - Throws: `CancellationError`.
    func strike() async throws -> Bool {
        switch self {
        case .down:
            return true
        case .slow(let time):
            try await Task.sleep(for: time)
            return false
        case .flaky(let share):
            return Double.random(in: 0..<1) < share
        }
    }
}
