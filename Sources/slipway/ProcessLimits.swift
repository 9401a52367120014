import Glibc

/// What the process sets for itself before anything else.
enum ProcessLimits {
    /// Descriptors that one connection needs at most: socket, eventfd, and the pipes of a git child.
    ///
    /// - Throws: Never fails; a limit that cannot be raised shows as refused connections, which are logged.
    static func prepare() throws {
        // A client or child that hangs up must be an error of that write, not the end of the server.
        _ = unsafe signal(SIGPIPE, SIG_IGN)
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
