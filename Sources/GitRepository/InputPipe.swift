import Glibc

/// A child's standard input, when that is a pipe.
enum InputPipe {
    /// The most that a user without privileges may ask for (fs.pipe-max-size, pipe(7)).
    private static let size: Int32 = 1 << 20
    /// Not imported by Swift, because it is behind _GNU_SOURCE (fcntl(2)).
    private static let setPipeSize: Int32 = 1031

    /// Gives the pipe more room than its 64 KiB.
    ///
    /// Git reads 4 KiB at a time, and a full pipe wakes its writer after each: with room, the writer rarely waits. Where the system
    /// gives no more, it stays as it is.
    static func enlarge(of process: pid_t) {
        let descriptor = unsafe open("/proc/\(process)/fd/0", O_WRONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fcntl(descriptor, setPipeSize, size)
        close(descriptor)
    }
}
