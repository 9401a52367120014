import SystemCalls

/// The disk for builds is too full to start one.
struct DiskShortage: Error, Equatable {
    /// What is short, in words.
    let shortage: String
    /// Bytes that must be free.
    let minimum: Int64

    /// For the push that comes too late for the gate.
    var refusal: BuildRefusal {
        BuildRefusal(
            reason: """
                the disk for builds is nearly full: \(shortage), and a build starts only with \
                \(ByteCount.words(minimum)) and \(FileSystemSpace.minimumFreePercent) % free; \
                tell the operator, and push again when there is room
                """)
    }
}
