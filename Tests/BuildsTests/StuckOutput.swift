import Builds

/// A client that reads Slipway's own lines and then nothing more, for ever.
struct StuckOutput: BuildOutput {
    func write(_ bytes: [UInt8]) async throws {
        guard !bytes.starts(with: "----->".utf8) else { return }
        // Ends by cancellation only, like a write into a full window.
        while true { try await Task.sleep(for: .seconds(3600)) }
    }
}
