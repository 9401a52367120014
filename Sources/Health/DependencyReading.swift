/// The answer to "can a push use this dependency now?".
package struct DependencyReading: Sendable, Hashable {
    /// What is known of it.
    package let status: DependencyStatus
    /// Why it is not usable, in words for anybody; `nil` when it is.
    package let problem: String?

    package init(status: DependencyStatus, problem: String?) {
        self.status = status
        self.problem = problem
    }

    /// Whether a check succeeded just now, or lately enough.
    package var isUsable: Bool { problem == nil }
}
