/// Finds what someone meant to write.
enum Suggestion {
    /// The longest text that is compared; the cost grows with the square, and no name here is longer.
    private static let maximumLength = 64

    /// The candidate that differs least from `text`, if the difference may be a slip.
    static func nearest(to text: String, among candidates: [String]) -> String? {
        guard text.utf8.count <= maximumLength else { return nil }
        let scored = candidates.map { (candidate: $0, distance: distance(Array(text.utf8), Array($0.utf8))) }
        guard let best = scored.min(by: { $0.distance < $1.distance }), best.distance <= max(2, text.utf8.count / 4)
        else { return nil }
        return best.candidate
    }

    /// How many characters must be changed, added, removed or swapped with their neighbour (optimal string alignment).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let same = left[row] == right[column]
                var best = min(last[column + 1] + 1, current[column] + 1, last[column] + (same ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
