package import Health

/// A check that fails on purpose, and says so on the status page.
package struct FaultyCheck: HealthCheck {
    package var name: String { check.name }
    package var title: String { check.title }
    package var isNeededByPush: Bool { check.isNeededByPush }
    package let simulated: String?
    package var stuckThreads: Int { check.stuckThreads }
    package var awaitsStart: Bool { check.awaitsStart }

    private let check: any HealthCheck
    private let effect: FaultEffect?

    /// Makes a check that fails.
    ///
    /// - Parameters:
    ///   - check: The real one.
    ///   - effect: How it fails; `nil` where what it checks fails on purpose already.
    ///   - text: What people are told is simulated.
    package init(_ check: any HealthCheck, effect: FaultEffect?, text: String) {
        self.check = check
        self.effect = effect
        simulated = text
    }

    package func check() async throws {
        if let effect, try await effect.strike() {
            throw HealthProblem(cause: FaultEffect.cause)
        }
        try await check.check()
    }
}
