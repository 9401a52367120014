/// A check of what cannot be used before a step of the start is done.
///
/// Until then it fails, whatever else it finds: so pushes wait for the step.
package struct CheckAfterStart: HealthCheck {
    /// How long a check waits for the step: half of what it has (``MonitorSchedule``), so that it can look for the cause after that.
    private static let patience: Duration = .seconds(1)

    private let check: any HealthCheck
    private let step: StartStep

    package var name: String { check.name }
    package var title: String { check.title }
    package var isNeededByPush: Bool { check.isNeededByPush }
    package var simulated: String? { check.simulated }
    package var stuckThreads: Int { check.stuckThreads }
    package var awaitsStart: Bool { !step.isDone }

    /// - Parameters:
    ///   - check: What is checked besides.
    ///   - step: What must be done first; each check tries again.
    package init(_ check: any HealthCheck, after step: StartStep) {
        self.check = check
        self.step = step
    }

    package func check() async throws {
        let outcome = await step.outcome(within: Self.patience)
        // What it has to say of itself is the cause, where it does not work.
        try await check.check()
        switch outcome {
        case .done: break
        case .failed(let error):
            throw HealthProblem(cause: "what its last run left cannot be cleared away", detail: "\(error)")
        case .running:
            throw HealthProblem(cause: "what its last run left is still being cleared away", detail: nil)
        }
    }
}
