/// The answer to "can a push use this dependency now?".
package struct DependencyReading: Sendable, Hashable {
    /// What is known of it.
    package let status: DependencyStatus
    /// Why it is not usable, in words for anybody; `nil` when it is.
    package let problem: String?
    /// Whether it waits for a step of the start that must come before any push.
    package let awaitsStart: Bool

    package init(status: DependencyStatus, problem: String?, awaitsStart: Bool = false) {
        self.status = status
        self.problem = problem
        self.awaitsStart = awaitsStart
    }

    /// Whether a check succeeded just now, or lately enough.
    package var isUsable: Bool { problem == nil }
}
