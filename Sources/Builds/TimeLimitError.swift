/// Something took longer than it may.
package struct TimeLimitError: Error, CustomStringConvertible {
    package let limit: Duration

    package init(limit: Duration) { self.limit = limit }

    package var description: String { "it took longer than \(limit)" }
}
