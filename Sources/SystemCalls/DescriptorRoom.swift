import Glibc
import Synchronization

/// Room for the descriptors of something that cannot bear to run out of them half-way.
///
/// swift-subprocess is such: it ends the process ("FileDescriptor … was not closed") when it can make the first pipe of a child but
/// not the next. To be made just before the start of a child, and given back once it runs and has its descriptors.
package final class DescriptorRoom: Sendable {
    /// Three pipes of two ends each and their duplicates, one that reports the start, the child's own, its directory, `/dev/null`.
    package static let ofChild = 16

    /// Descriptors that others have room for and have not opened yet.
    private static let claimed = Mutex(0)

    private let count: Int
    private let isGivenBack = Atomic<Bool>(false)

    /// Makes sure that so many descriptors are free.
    ///
    /// - Parameter count: How many.
    /// - Throws: ``DescriptorShortage``.
    package init(for count: Int = DescriptorRoom.ofChild) throws(DescriptorShortage) {
        self.count = count
        // Under the lock, so that two do not find the same ones.
        let isThere = Self.claimed.withLock { claimed in
            guard Descriptors.canOpen(claimed + count + Descriptors.reserve) else { return false }
            claimed += count
            return true
        }
        guard isThere else {
            isGivenBack.store(true, ordering: .relaxed)
            throw DescriptorShortage()
        }
    }

    deinit { giveBack() }

    /// Says that they are open now, or will not be; more than once does nothing.
    package func giveBack() {
        guard !isGivenBack.exchange(true, ordering: .relaxed) else { return }
        Self.claimed.withLock { $0 -= count }
    }
}

/// The process has too few file descriptors left.
package struct DescriptorShortage: Error, Equatable, CustomStringConvertible {
    package init() {}

    package var description: String { "this builder is out of file descriptors" }
}

extension SystemCallError {
    /// Whether this process, or the whole machine, has no descriptor left.
    package var isDescriptorShortage: Bool { code == EMFILE || code == ENFILE }
}
