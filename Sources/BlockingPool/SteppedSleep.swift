/// Waits of which nearly all are cancelled long before their end: limits of time.
package enum SteppedSleep {
    /// The first step; most of what is limited takes less.
    private static let firstStep = Duration.milliseconds(50)
    /// The longest: how much later than wanted nobody minds, and how seldom nobody notices.
    private static let longestStep = Duration.seconds(1)

    /// Waits in steps that grow.
    ///
    /// A cancelled `Task.sleep` returns at once but keeps its memory, some kilobytes, until its time has come: with one limit of minutes
    /// for each piece of a long stream that is half a byte for each byte. Here it is kept for as long as was waited already.
    ///
    /// - Parameter time: How long.
    /// - Throws: `CancellationError`.
    package static func sleep(for time: Duration) async throws {
        let end = ContinuousClock.now + time
        var step = firstStep
        while true {
            let left = end - .now
            guard left > .zero else { return }
            try await Task.sleep(for: min(step, left))
            step = min(step * 2, longestStep)
        }
    }
}
