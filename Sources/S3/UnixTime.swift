import Glibc

/// A point in time, in whole seconds since 1970-01-01 UTC.
package struct UnixTime: Hashable, Sendable, Comparable {
    /// Seconds since 1970-01-01 UTC.
    package let seconds: Int64

    /// After all others.
    static let distantFuture = UnixTime(seconds: .max)

    /// Makes a time of its number.
    ///
    /// - Parameter seconds: Since 1970-01-01 UTC.
    package init(seconds: Int64) { self.seconds = seconds }

    /// What this machine's clock says.
    ///
    /// - Returns: The current time.
    static func now() -> UnixTime {
        var value = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &value)
        return UnixTime(seconds: Int64(value.tv_sec))
    }

    package static func < (left: UnixTime, right: UnixTime) -> Bool { left.seconds < right.seconds }

    static func + (time: UnixTime, seconds: Int64) -> UnixTime { UnixTime(seconds: time.seconds + seconds) }

    static func - (left: UnixTime, right: UnixTime) -> Int64 { left.seconds - right.seconds }
}
