/// Calls to an object store over S3.
extension SlipwayMetrics {
    static let s3: [MetricDescription] = [
        .counter(
            "slipway_s3_attempts_total", "Attempts of calls: ok, or the status that was answered, or what went wrong.",
            operation,
            .open(
                "outcome",
                usually: [
                    "ok", "400", "403", "404", "409", "412", "416", "429", "500", "502", "503", "504",
                    "not connected", "timed out", "cut", "no credentials", "nonsense", "damaged",
                ])),
        .histogram(
            "slipway_s3_attempt_seconds", "How long attempts of calls took.", buckets: callBuckets, operation),
        .counter("slipway_s3_retries_total", "Calls that were tried again.", operation),
    ]

    private static let operation = MetricLabel.open(
        "operation",
        usually: [
            "PutObject", "GetObject", "HeadObject", "DeleteObject", "DeleteObjects", "ListObjectsV2",
            "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload",
            "ListMultipartUploads",
        ])
}
