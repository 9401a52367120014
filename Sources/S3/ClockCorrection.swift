import Synchronization

/// How far the server's clock is from ours, learned from its answers.
final class ClockCorrection: Sendable {
    /// S3 accepts 15 minutes; less than this is not the reason for a refusal.
    private static let tolerance: Int64 = 60

    private let seconds = Atomic<Int64>(0)

    /// The server's time, as far as is known.
    func now() -> UnixTime { UnixTime.now() + seconds.load(ordering: .relaxed) }

    /// Learns the server's time.
    ///
    /// - Parameter date: What the server's clock said just now.
    /// - Returns: False when that was known already, so that signing anew would not help.
    func learn(_ date: UnixTime) -> Bool {
        let offset = date - UnixTime.now()
        let before = seconds.exchange(offset, ordering: .relaxed)
        return abs(offset - before) > Self.tolerance
    }
}
