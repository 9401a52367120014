/// Blocking work did not end in time; it may still run.
package struct PoolWorkHangs: Error, CustomStringConvertible {
    /// How long it was waited for.
    package let patience: Duration

    package var description: String { "no answer within \(patience)" }
}
