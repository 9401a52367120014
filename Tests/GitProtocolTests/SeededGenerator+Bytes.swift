import TestSupport

extension SeededGenerator {
    /// Random bytes, of an alphabet or any.
    mutating func bytes(count: Int, from alphabet: [UInt8]? = nil) -> [UInt8] {
        (0..<count).map { _ in alphabet?.randomElement(using: &self) ?? UInt8.random(in: 0...255, using: &self) }
    }

    /// Changes, drops, repeats or inserts a few bytes of `original`.
    mutating func mutation(of original: [UInt8]) -> [UInt8] {
        var result = original
        for _ in 0..<Int.random(in: 1...4, using: &self) where !result.isEmpty {
            let start = Int.random(in: 0..<result.count, using: &self)
            let end = min(result.count, start + Int.random(in: 1...50, using: &self))
            switch Int.random(in: 0..<5, using: &self) {
            case 0: result[start] = UInt8.random(in: 0...255, using: &self)
            case 1: result[start] ^= 1 << UInt8.random(in: 0..<8, using: &self)
            case 2: result.removeSubrange(start..<end)
            case 3: result.insert(contentsOf: result[start..<end], at: start)
            default: result.insert(contentsOf: bytes(count: end - start), at: start)
            }
        }
        return result
    }
}
