import Glibc

/// The system's clock: objects have its times, so their ages are measured with it.
enum WallClock {
    /// In seconds since 1970.
    static func seconds() -> Int64 {
        var value = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &value)
        return Int64(value.tv_sec)
    }
}
