import NIOPosix

/// The threads on which work may block, by what it is: none waits for another's.
struct WorkPools {
    /// Enough to keep a disk busy, and for a few calls that hang.
    private static let threads = 8

    /// Refs, objects, quarantines: short.
    let repositories = WorkPools.started()
    /// The object store's files.
    let store = WorkPools.started()
    /// The same for the health check of the store: what hangs there is abandoned, and must not take threads from pushes.
    let storeCheck = WorkPools.started()
    /// Unpacking, archiving and removing whole trees: long.
    let builds = WorkPools.started()

    private static func started() -> NIOThreadPool {
        let pool = NIOThreadPool(numberOfThreads: threads)
        pool.start()
        return pool
    }
}
