/// One line of a probe's answer.
package struct ProbeCheck: Sendable, Hashable {
    /// What was looked at, such as `ssh`.
    package let name: String
    /// What is wrong, in plain English; `nil` when nothing is.
    package let problem: String?

    package init(name: String, problem: String? = nil) {
        self.name = name
        self.problem = problem
    }

    /// Whether it is as it should be.
    package var isOK: Bool { problem == nil }
}
