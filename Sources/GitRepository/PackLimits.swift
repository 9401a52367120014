/// How much one push may send.
package struct PackLimits: Sendable, Equatable {
    /// Bytes of a pack as sent: GitHub's limit for one push, and well above what is pushed to be built.
    package var maximumBytes: Int64 = 2 << 30

    /// Objects in a pack: git needs about 100 bytes of memory for each; the Linux kernel has about 10 million.
    package var maximumObjects: UInt32 = 10_000_000

    /// What the git child may take while it indexes.
    package var child = ChildLimits()

    /// Makes the default limits.
    package init() {}

    /// The child's limits with room for the file: a thin pack is completed with objects that are here already.
    var indexing: ChildLimits {
        var limits = child
        limits.fileBytes = max(limits.fileBytes, 2 * UInt64(maximumBytes))
        return limits
    }
}
