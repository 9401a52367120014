package import Logging

/// Says which step a start waits for.
package enum SlowStart {
    /// A start that takes longer than this makes somebody ask why.
    package static let patience: Duration = .seconds(2)

    /// Does a step of the start, with a line in the log when it takes long, and one when it has ended after all.
    ///
    /// - Parameters:
    ///   - step: What it is called, such as "opening the object store".
    ///   - logger: Gets the lines.
    ///   - body: The step.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    package static func told<Success: Sendable>(
        _ step: String, _ logger: Logger, _ body: () async throws -> Success
    ) async throws -> Success {
        let start = ContinuousClock.now
        let alarm = Task {
            try await Task.sleep(for: patience)
            logger.warning("a step of the start takes long", metadata: ["step": "\(step)"])
        }
        defer { alarm.cancel() }
        let result = try await body()
        let took = ContinuousClock.now - start
        if took > patience {
            logger.notice(
                "a step of the start that took long is done", metadata: ["step": "\(step)", "took": "\(took)"])
        }
        return result
    }
}
