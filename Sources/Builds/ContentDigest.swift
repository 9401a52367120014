import Crypto
import Synchronization

/// The SHA-256 and the size of something, taken while it streams by.
package final class ContentDigest: Sendable {
    private struct State {
        var hash = SHA256()
        var size: Int64 = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// Takes the next bytes into account.
    package func add(_ bytes: [UInt8]) {
        state.withLock { state in
            state.hash.update(data: bytes)
            state.size += Int64(bytes.count)
        }
    }

    /// Bytes so far.
    package var size: Int64 { state.withLock { $0.size } }

    /// In lower-case hex digits.
    package var hex: String {
        let digest = state.withLock { $0.hash.finalize() }
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
