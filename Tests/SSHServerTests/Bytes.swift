import Glibc

/// Bytes without a short period, the same in every run: what is lost, doubled or out of order shows.
enum Bytes {
    /// Whether both are the same; in an expectation of its own `==` would print them.
    static func areSame(_ first: [UInt8], _ second: [UInt8]) -> Bool {
        guard first.count == second.count else { return false }
        return unsafe memcmp(first, second, first.count) == 0
    }

    /// The bytes from `start` on.
    static func pattern(_ count: Int, from start: Int = 0) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            var index = 0
            while index < count {
                let (word, offset) = (start + index).quotientAndRemainder(dividingBy: 8)
                let part = min(8 - offset, count - index)
                let mixed = (UInt64(word) &+ 1) &* 0x9E37_79B9_7F4A_7C15
                var value = (mixed ^ (mixed >> 29)) >> (8 * UInt64(offset))
                unsafe withUnsafeBytes(of: &value) { bytes in
                    unsafe UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[index...])
                        .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<part]))
                }
                index += part
            }
            filled = count
        }
    }
}
