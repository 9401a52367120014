/// What the checks of one minute found.
package enum HistoryBucket: String, Sendable, CaseIterable {
    /// No check ended in that minute.
    case none
    /// All succeeded.
    case up
    /// Some succeeded, some failed.
    case partly
    /// All failed.
    case down
}
