/// How far a log has been delivered, so that it can be found again in a new answer.
///
/// The anchor is the last entry whose stamp was later than those of all entries before it: its stamp is unique among
/// what comes before, although several entries may have one stamp, and some a stamp a moment before their
/// predecessor's. From it on, bytes of content are counted.
struct LogPosition: Sendable, Equatable {
    private(set) var anchor: LogTime?
    /// Bytes of content that were delivered since the anchor, its own included.
    private(set) var delivered: Int64 = 0

    /// Notes that an entry begins.
    mutating func begin(_ time: LogTime) {
        if let anchor, time <= anchor { return }
        anchor = time
        delivered = 0
    }

    /// Notes that content was delivered.
    mutating func advance(_ count: Int) { delivered += Int64(count) }
}
