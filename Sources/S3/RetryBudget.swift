import Synchronization

/// How many retries a store may still make: when most requests fail, it stops to add to the trouble.
///
/// A bucket of tokens as the AWS SDKs have it (AWS SDKs and Tools Reference Guide, "Retry behavior", standard mode).
final class RetryBudget: Sendable {
    private static let capacity = 500
    private static let costOfRetry = 5
    /// A time-out is dearer: it held a connection for long.
    private static let costOfTimeOut = 10
    private static let refund = 1

    private let tokens = Mutex(capacity)

    /// Takes what a retry costs.
    ///
    /// - Parameter isTimeOut: Whether the attempt before timed out.
    /// - Returns: False when there is not enough left: the retry must not be made.
    func take(isTimeOut: Bool) -> Bool {
        let cost = isTimeOut ? Self.costOfTimeOut : Self.costOfRetry
        return tokens.withLock { tokens in
            guard tokens >= cost else { return false }
            tokens -= cost
            return true
        }
    }

    /// Gives some back after a success.
    func succeed(afterRetry: Bool) {
        let amount = afterRetry ? Self.costOfRetry : Self.refund
        tokens.withLock { tokens in tokens = min(Self.capacity, tokens + amount) }
    }
}
