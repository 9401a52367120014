/// How a dependency is.
package enum DependencyState: String, Sendable, CaseIterable {
    /// Not known yet: no check has succeeded, and not enough have failed.
    case unknown
    /// The last successful check is followed by too few failures to call it down.
    case up
    /// Enough checks failed in a row, or for long enough.
    case down
}
