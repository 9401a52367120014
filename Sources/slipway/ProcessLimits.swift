import Glibc

/// What the process sets for itself before anything else.
enum ProcessLimits {
    /// Survives clients and children that hang up, and raises the number of descriptors as far as it goes.
    ///
    /// A connection takes two descriptors, and the pipes of its git child. A limit that cannot be raised shows as refused
    /// connections, which are logged.
    static func prepare() {
        // A client or child that hangs up must be an error of that write, not the end of the server.
        _ = signal(SIGPIPE, SIG_IGN)
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
