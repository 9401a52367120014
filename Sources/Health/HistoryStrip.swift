/// What the checks of the last hour found, minute by minute, in constant memory.
struct HistoryStrip: Sendable {
    /// An hour: what fits a line, and covers what somebody who is woken asks about.
    static let minutes = 60

    private struct Slot {
        /// Counted from 1970.
        var minute = -1
        var hasSuccess = false
        var hasFailure = false
    }

    private var slots = [Slot](repeating: Slot(), count: minutes)

    /// Takes note of a check that ended.
    mutating func record(success: Bool, at time: WallTime) {
        let minute = Self.minute(of: time)
        let index = minute % Self.minutes
        if slots[index].minute != minute { slots[index] = Slot(minute: minute) }
        if success { slots[index].hasSuccess = true } else { slots[index].hasFailure = true }
    }

    /// The buckets of the hour that ends with the minute of `time`, oldest first.
    func buckets(until time: WallTime) -> [HistoryBucket] {
        let last = Self.minute(of: time)
        return (last - Self.minutes + 1...last).map { minute in
            guard minute >= 0 else { return .none }
            let slot = slots[minute % Self.minutes]
            guard slot.minute == minute else { return .none }
            return switch (slot.hasSuccess, slot.hasFailure) {
            case (true, true): .partly
            case (true, false): .up
            case (false, true): .down
            case (false, false): .none
            }
        }
    }

    /// Within what fits, whatever the clock says.
    private static func minute(of time: WallTime) -> Int {
        Int(min(max(time.secondsSinceEpoch, 0), 1e12) / 60)
    }
}
