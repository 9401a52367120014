/// A condition did not come true in time.
package struct DeadlineError: Error, CustomStringConvertible {
    let condition: String
    let limit: Duration

    package var description: String { "not within \(limit): \(condition)" }
}
