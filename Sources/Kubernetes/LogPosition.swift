/// How far a log has been delivered, so that it can be found again in a new answer.
///
/// The anchor is the last line that began with a stamp later than all before it: that stamp is unique among what comes
/// before, although several entries may have one stamp, and some a stamp a moment before their predecessor's. From it
/// on, bytes are counted.
///
/// Stamps in the middle of a line are no anchors, and are counted like content: whether one is a stamp at all is a guess
/// (``LogShape``), and a wrong one must not cost more than itself. So the position is the same for all readings, whatever
/// each of them takes for a stamp. The price is that a line is read again from its beginning.
struct LogPosition: Sendable, Equatable {
    private(set) var anchor: LogTime?
    /// The latest stamp so far, in the middle of lines too.
    private(set) var newest: LogTime?
    /// Bytes since the anchor, without the stamps at the beginnings of lines.
    private(set) var passed: Int64 = 0

    /// Notes that a line begins.
    mutating func begin(_ time: LogTime) {
        if let newest, time <= newest { return }
        newest = time
        anchor = time
        passed = 0
    }

    /// Begins anew with a line: what was before it is gone.
    mutating func restart(at time: LogTime) {
        newest = time
        anchor = time
        passed = 0
    }

    /// Notes that a line goes on in another entry, with a stamp of this length.
    mutating func goOn(_ time: LogTime, length: Int) {
        newest = max(time, newest ?? time)
        passed += Int64(length)
    }

    /// Notes that content was delivered.
    mutating func advance(_ count: Int) { passed += Int64(count) }
}
