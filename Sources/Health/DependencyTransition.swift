/// A dependency went from one state to another.
package struct DependencyTransition: Sendable, Hashable {
    /// When.
    package let at: WallTime
    /// The state that ended.
    package let was: DependencyState
    /// The state that began.
    package let `is`: DependencyState
    /// How long the state that ended had lasted.
    package let lasted: Duration
    /// Why, in words for anybody: of the failure that made it ``DependencyState/down``.
    package let cause: String?

    package init(
        at: WallTime, was: DependencyState, is: DependencyState, lasted: Duration, cause: String? = nil
    ) {
        self.at = at
        self.was = was
        self.is = `is`
        self.lasted = lasted
        self.cause = cause
    }
}
