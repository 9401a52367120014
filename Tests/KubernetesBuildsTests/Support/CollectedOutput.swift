import Builds
import Synchronization
import TestSupport

/// Keeps what a build wrote, and lets a test wait for it.
final class CollectedOutput: BuildOutput {
    private let bytes = Mutex<[UInt8]>([])

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
    var all: [UInt8] { bytes.withLock { $0 } }

    func write(_ bytes: [UInt8]) async throws { self.bytes.withLock { $0 += bytes } }

    /// Waits until the output has `text`.
    func wait(for text: String, within limit: Duration = .seconds(60)) async throws {
        try await eventually("output with \(text); it is \(self.text)", within: limit) { self.text.contains(text) }
    }
}
