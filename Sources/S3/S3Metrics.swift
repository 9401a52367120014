import Metrics

/// What is counted of calls.
enum S3Metrics {
    /// Counts an attempt and how long it took.
    ///
    /// - Parameters:
    ///   - operation: Which call.
    ///   - outcome: One of few words, or a status.
    ///   - started: When it was sent.
    static func count(_ operation: S3Operation, _ outcome: String, since started: ContinuousClock.Instant) {
        Counter(
            label: "slipway_s3_attempts_total", dimensions: [("operation", operation.rawValue), ("outcome", outcome)]
        ).increment()
        let (seconds, attoseconds) = (ContinuousClock.now - started).components
        Timer(label: "slipway_s3_attempt_seconds", dimensions: [("operation", operation.rawValue)])
            .recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    /// Counts a retry.
    static func countRetry(_ operation: S3Operation) {
        Counter(label: "slipway_s3_retries_total", dimensions: [("operation", operation.rawValue)]).increment()
    }
}

extension S3Failure {
    /// A word for metrics.
    var outcome: String {
        switch cause {
        case .answer(let answer): String(answer.status)
        case .transport(.notConnected), .transport(.notTrusted), .transport(.shutDown): "not connected"
        case .transport(.timedOut): "timed out"
        case .transport(.cut): "cut"
        case .credentials: "no credentials"
        case .nonsense: "nonsense"
        case .damaged: "damaged"
        }
    }
}
