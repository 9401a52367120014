import Glibc

/// A moment as people name it: seconds since 1970, UTC.
///
/// For display and logs only: the system's clock can be set, so nothing is measured with it.
package struct WallTime: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Seconds since 1970-01-01T00:00:00Z.
    package let secondsSinceEpoch: Double

    package init(secondsSinceEpoch: Double) { self.secondsSinceEpoch = secondsSinceEpoch }

    /// The system's clock, now.
    package static var now: WallTime {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(secondsSinceEpoch: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
    }

    package static func < (left: WallTime, right: WallTime) -> Bool {
        left.secondsSinceEpoch < right.secondsSinceEpoch
    }

    /// The time from `start` to this moment; never less than zero.
    package func duration(since start: WallTime) -> Duration {
        .seconds(max(0, secondsSinceEpoch - start.secondsSinceEpoch))
    }

    /// This moment and `duration` more.
    package func advanced(by duration: Duration) -> WallTime {
        WallTime(secondsSinceEpoch: secondsSinceEpoch + duration / .seconds(1))
    }

    /// As ISO 8601 to the second: "2026-07-04T14:02:05Z".
    package var iso8601: String {
        let (year, month, day) = date
        return "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
            + "T\(clockUTC):\(Self.padded(wholeSeconds % 60, 2))Z"
    }

    /// The hour and minute: "14:02".
    ///
    /// The reader is to be told that it is UTC.
    package var clockUTC: String {
        "\(Self.padded(wholeSeconds / 3_600 % 24, 2)):\(Self.padded(wholeSeconds / 60 % 60, 2))"
    }

    package var description: String { iso8601 }

    /// Within the years 1970 to 9999, so that the year has four digits and no arithmetic can overflow.
    private var wholeSeconds: Int { Int(min(max(secondsSinceEpoch.rounded(.down), 0), 253_402_300_799)) }

    /// The Gregorian date, by Howard Hinnant's `civil_from_days`: eras of 400 years, years that begin in March.
    private var date: (year: Int, month: Int, day: Int) {
        let days = wholeSeconds / 86_400 + 719_468
        let dayOfEra = days % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = days / 146_097 * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
