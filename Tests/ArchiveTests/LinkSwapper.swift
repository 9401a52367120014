import Foundation
import Glibc
import Synchronization

/// Swaps the directory `out/d` for a link to `../secret` and back, as fast as it can, on a thread of its own.
final class LinkSwapper: Sendable {
    private let base: String
    private let count = Atomic<Int>(0)
    private let isRunning = Atomic<Bool>(true)
    private let isDone = Atomic<Bool>(false)

    init(base: String) { self.base = base }

    var swaps: Int { count.load(ordering: .relaxed) }

    func start() {
        let thread = Thread {
            while self.isRunning.load(ordering: .relaxed) { self.swap() }
            self.isDone.store(true, ordering: .releasing)
        }
        thread.start()
    }

    func stop() {
        isRunning.store(false, ordering: .relaxed)
        while !isDone.load(ordering: .acquiring) { sched_yield() }
    }

    private func swap() {
        unsafe symlink("../secret", base + "/trap")
        unsafe rename(base + "/out/d", base + "/aside")
        unsafe rename(base + "/trap", base + "/out/d")
        sched_yield()
        unsafe unlink(base + "/out/d")
        unsafe rename(base + "/aside", base + "/out/d")
        count.add(1, ordering: .relaxed)
    }
}
