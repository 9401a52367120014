/// Bytes without a short period, the same in every run: what is lost, doubled or out of order shows.
enum Bytes {
    /// The bytes from `start` on.
    static func pattern(_ count: Int, from start: Int = 0) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            for index in 0..<count {
                let mixed = UInt64(truncatingIfNeeded: start + index) &* 0x9E37_79B9_7F4A_7C15
                unsafe buffer[index] = UInt8(truncatingIfNeeded: mixed >> 56)
            }
            filled = count
        }
    }
}
