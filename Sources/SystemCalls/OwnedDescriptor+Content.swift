import Glibc

extension OwnedDescriptor {
    /// Reads from where the last read ended.
    ///
    /// - Parameter count: How many bytes at most.
    /// - Returns: At least one byte, or none at the end of the file.
    /// - Throws: ``SystemCallError``.
    package func read(upTo count: Int) throws(SystemCallError) -> [UInt8] {
        try unsafe filling(count, "read") { unsafe Glibc.read(raw, $0, count) }
    }

    /// Reads from a place, which moves nothing.
    ///
    /// - Parameters:
    ///   - count: How many bytes at most.
    ///   - offset: Where they start.
    /// - Returns: At least one byte, or none at the end of the file.
    /// - Throws: ``SystemCallError``.
    package func read(upTo count: Int, at offset: Int64) throws(SystemCallError) -> [UInt8] {
        try unsafe filling(count, "pread") { unsafe pread(raw, $0, count, off_t(offset)) }
    }

    private func filling(
        _ count: Int, _ call: String, _ fill: (UnsafeMutablePointer<UInt8>?) -> Int
    ) throws(SystemCallError) -> [UInt8] {
        while true {
            var code: Int32 = 0
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, length in
                let got = unsafe fill(buffer.baseAddress)
                if got < 0 { code = errno }
                length = max(got, 0)
            }
            if code == 0 { return bytes }
            guard code == EINTR else { throw SystemCallError(call: call, code: code) }
        }
    }

    /// Writes all of `bytes` where the last write ended.
    ///
    /// - Parameter bytes: Any number.
    /// - Throws: ``SystemCallError``; some of the bytes may be there then.
    package func write(_ bytes: [UInt8]) throws(SystemCallError) {
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes[start...].withUnsafeBytes { unsafe Glibc.write(raw, $0.baseAddress, $0.count) }
            if count >= 0 {
                start += count
            } else if errno != EINTR {
                throw .last("write")
            }
        }
    }
}
