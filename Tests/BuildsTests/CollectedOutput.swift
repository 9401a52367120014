import Builds
import Synchronization

/// Keeps what a build wrote, and lets a test wait for it.
final class CollectedOutput: BuildOutput {
    private let bytes = Mutex<[UInt8]>([])

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

    func write(_ bytes: [UInt8]) async throws { self.bytes.withLock { $0 += bytes } }

    /// Waits until the output has `text`.
    func wait(for text: String, within limit: Duration = .seconds(20)) async throws {
        try await eventually("output with \(text)", within: limit) { self.text.contains(text) }
    }
}

/// A condition did not come true in time.
struct DeadlineError: Error { let condition: String }

/// Looks at a condition again and again until it is true.
func eventually(
    _ condition: String, within limit: Duration = .seconds(20), _ isTrue: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while !(try await isTrue()) {
        guard ContinuousClock.now < deadline else { throw DeadlineError(condition: condition) }
        try await Task.sleep(for: .milliseconds(5))
    }
}
