import Crypto

/// The hash of the hashes of parts of one size.
struct PartedHash<Function: HashFunction & Sendable>: Sendable {
    private let size: Int
    private var parts = Function()
    private var part = Function()
    private var count = 0

    /// Begins.
    ///
    /// - Parameter size: Bytes of all parts but the last; at least one.
    init(size: Int) { self.size = size }

    /// Adds bytes, in their order.
    mutating func update(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            if count == size { endPart() }
            let piece = rest.prefix(size - count)
            part.update(data: piece)
            count += piece.count
            rest = rest.dropFirst(piece.count)
        }
    }

    /// The hash of what came.
    func digest() -> [UInt8] {
        var copy = self
        copy.endPart()
        return Array(copy.parts.finalize())
    }

    private mutating func endPart() {
        parts.update(data: Array(part.finalize()))
        part = Function()
        count = 0
    }
}
