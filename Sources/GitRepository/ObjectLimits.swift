/// How large the objects may be that are read whole; what is larger is refused before it is read.
enum ObjectLimits {
    /// Bytes of one commit or tag: the longest messages people write have some KiB, and signatures a few more.
    static let maximumMessage: Int64 = 1 << 20

    /// Bytes of one tree object: about 200,000 entries.
    static let maximumTree: Int64 = 8 << 20

    /// Bytes of the tree objects from the root down to the one that is walked: all are held at once.
    static let maximumTreePath: Int64 = 32 << 20

    /// How many bytes of an object of a kind may be read whole; no blob needs to be.
    static func maximumSize(of kind: ObjectKind) -> Int64 {
        switch kind {
        case .commit, .tag: maximumMessage
        case .tree: maximumTree
        case .blob: 0
        }
    }
}
