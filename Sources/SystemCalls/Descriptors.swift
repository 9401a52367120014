import Glibc

/// The file descriptors of this process: how many it may have, and whether they run short.
///
/// Clients must never be able to use up all of them. Without any, no file can be opened and no child started, and worse: libdispatch,
/// which looks at its threads in /proc once a second, ends the process without a word when it cannot (`_dispatch_workq_monitor_pools`).
/// So all caps of connections together leave a good part of the limit free, and whoever accepts connections looks at
/// ``areScarce(besides:)`` and leaves ``headroom(of:)`` to the server itself.
package enum Descriptors {
    /// Fewer do not suffice: some 40 are open from the start, one push takes 30 more, and connections get five eighths.
    package static let minimum = 256
    /// However few there are, so many are left for what cannot bear their lack.
    package static let reserve = 16
    /// Of the limit, this part is kept back for files, pipes and the server's own dials.
    private static let headroomDivisor = 8
    /// A push with its git child, build and store takes some 30; more than 256 help nobody.
    private static let headroomRange = 24...256

    /// How many there may be: the soft limit, which is what counts (`RLIMIT_NOFILE`, getrlimit(2)).
    package static var limit: Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return minimum }
        return Int(clamping: limit.rlim_cur)
    }

    /// How many are kept back for the server itself.
    ///
    /// - Parameter limit: As ``limit``.
    /// - Returns: An eighth, but from 24 to 256.
    package static func headroom(of limit: Int) -> Int {
        min(max(limit / headroomDivisor, headroomRange.lowerBound), headroomRange.upperBound)
    }

    /// Whether only those are left that are kept back.
    ///
    /// A few system calls, nothing that waits. The kernel gives out the lowest number that is free (open(2)), so a high one says that
    /// all below are taken. Whoever accepts connections leaves the highest ones alone, so a low one says that those are free.
    ///
    /// - Parameter pending: How many more will be opened for connections that were let in already.
    /// - Returns: Whether one more connection would take one of those.
    package static func areScarce(besides pending: Int = 0) -> Bool {
        let limit = limit
        guard let lowest = lowestFree else { return true }
        return lowest >= limit - headroom(of: limit) - pending
    }

    /// The number that the next descriptor gets; nil when there is none.
    private static var lowestFree: Int? {
        guard let probe = probe() else { return nil }
        close(probe)
        return Int(probe)
    }

    /// Any descriptor; of all kinds this one needs no path, which may not be there.
    private static func probe() -> Int32? {
        let probe = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        return probe >= 0 ? probe : nil
    }

    /// Whether so many more could be opened now.
    ///
    /// - Parameter count: How many.
    /// - Returns: Whether they could; they are closed again.
    static func canOpen(_ count: Int) -> Bool {
        var opened: [Int32] = []
        defer { for descriptor in opened { close(descriptor) } }
        guard let first = probe() else { return false }
        opened.append(first)
        while opened.count < count {
            // Cheaper than a socket each, and the same to the limit.
            let next = fcntl(first, F_DUPFD_CLOEXEC, 0)
            guard next >= 0 else { return false }
            opened.append(next)
        }
        return true
    }
}
