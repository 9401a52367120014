/// Bounds in seconds, chosen so that what is normal, slow and past a limit fall into different buckets.
extension SlipwayMetrics {
    /// From the smallest push, 1 ms a phase, to the default `build.timeout`, 30 min.
    static let phaseBuckets = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1200, 1800,
    ]

    /// As for a phase; then the longest upload, 1 h, and a wait before it.
    static let pushBuckets = phaseBuckets + [3600, 5400]

    /// From an answer out of memory to the gate's limit, 2 s; a dial of the SSH port has the same.
    static let gateBuckets = [0.0001, 0.00025, 0.0005] + checkBuckets

    /// From a file on a local disk to a check's limit, 2 s.
    static let checkBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2]

    /// As for a check; then what a part of a large upload may take.
    static let callBuckets = checkBuckets + [5, 10, 30, 60, 120]
}
