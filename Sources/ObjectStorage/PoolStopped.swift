/// The thread pool is stopped: the server is about to end.
struct PoolStopped: Error {}
