import NIOPosix
import Synchronization

/// How many threads of one pool are held by work that was given up.
final class StuckThreads: Sendable {
    /// By pool, because NIO's type has no place for it; there are a few pools, for as long as the process lives.
    private static let all = Mutex<[ObjectIdentifier: StuckThreads]>([:])

    let count = Atomic<Int>(0)

    /// That of a pool.
    static func of(_ pool: NIOThreadPool) -> StuckThreads {
        all.withLock { all in
            if let known = all[ObjectIdentifier(pool)] { return known }
            let new = StuckThreads()
            all[ObjectIdentifier(pool)] = new
            return new
        }
    }
}
