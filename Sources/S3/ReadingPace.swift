/// Whether the bytes of an object come fast enough; only the time that was waited for them counts.
struct ReadingPace: Sendable {
    private var bytes = 0
    private var waited = Duration.zero
    /// How often in succession they were too slow.
    private(set) var slowTimes = 0

    /// Counts what came.
    ///
    /// - Parameters:
    ///   - count: Bytes.
    ///   - time: What was waited for them.
    ///   - limits: How slow is too slow.
    /// - Returns: True when too little has come for too long; counting begins anew then.
    mutating func isTooSlow(_ count: Int, in time: Duration, _ limits: S3Limits) -> Bool {
        bytes += count
        waited += time
        guard waited >= limits.slowTime else { return false }
        let isTooSlow = Double(bytes) < Double(limits.minimumRate) * (waited / .seconds(1))
        slowTimes = isTooSlow ? slowTimes + 1 : 0
        (bytes, waited) = (0, .zero)
        return isTooSlow
    }
}
