import Glibc

/// What work costs, whatever else the machine does in the meantime.
package enum ProcessorTime {
    /// Runs `work`, which must stay on its thread.
    ///
    /// - Returns: The time that a processor spent on it (clock_gettime(2), `CLOCK_THREAD_CPUTIME_ID`).
    package static func ofThread(_ work: () throws -> Void) rethrows -> Duration {
        let start = now
        try work()
        return now - start
    }

    private static var now: Duration {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
