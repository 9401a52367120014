/// Counts for how many looks each of some counters has not moved.
///
/// It knows no time: a process that was stopped (SIGSTOP) or suspended looks once after it, whatever the time was.
struct StandstillCounter: Sendable {
    private var last: [UInt64?]
    /// For each counter: the looks since it last moved.
    private(set) var looks: [Int]

    init(count: Int) {
        last = Array(repeating: nil, count: count)
        looks = Array(repeating: 0, count: count)
    }

    /// Takes note of one look.
    ///
    /// - Parameter counts: One for each counter; `nil` where it is not expected to move.
    mutating func look(_ counts: [UInt64?]) {
        for (index, count) in counts.enumerated() where looks.indices.contains(index) {
            let isStill = count != nil && count == last[index]
            looks[index] = isStill ? looks[index] + 1 : 0
            last[index] = count
        }
    }
}
