/// How much, how long and how often; every number has its reason.
package struct S3Limits: Sendable {
    /// Bytes of one part of an upload, and of the largest object that is sent in one request: 8 MiB, as awscli has it.
    ///
    /// S3 allows 5 MiB to 5 GiB; up to ``concurrentParts`` + 1 of them are in memory per put, as far as ``uploadMemory`` allows.
    package var partSize = 8 << 20
    /// Bytes that the parts of all puts may take together: 20 parts, so that of the ``concurrentRequests`` some are left for others.
    package var uploadMemory = 160 << 20
    /// Bytes that small objects on their way may take together: 128 of them with 256 KiB each.
    package var smallUploadMemory = 32 << 20
    /// Bytes that objects of a middle size may take together: 32 parts of logs with 1 MiB each.
    package var middleUploadMemory = 32 << 20
    /// Parts of one put on their way at once: one hides the latency of the other.
    package var concurrentParts = 2
    /// The most parts of one upload (Amazon S3 "multipart upload limits"); with 8 MiB each that is 78 GiB.
    package var maximumParts = 10_000
    /// Large requests of one store on their way at once, not counting those that put parts together.
    package var concurrentRequests = 32
    /// The same of small ones, not counting bodies that are being read: twice as many as parts of a log are read at once.
    package var concurrentSmallRequests = 32
    /// How long making a connection may take, TLS included.
    package var connectTime = Duration.seconds(5)
    /// How long a connection may carry nothing in the direction that is due.
    package var idleTime = Duration.seconds(30)
    /// The same while the server puts an object of many parts together.
    ///
    /// S3 sends white space meanwhile (Amazon S3 API reference, "CompleteMultipartUpload"); others say nothing.
    package var completionIdleTime = Duration.seconds(60)
    /// Requests for one object with few bytes, such as HEAD.
    package var small = S3Patience(attemptTime: .seconds(120), totalTime: .seconds(300))
    /// Requests with many bytes or of many objects; a part of 8 MiB gets through at 70 KB/s.
    package var large = S3Patience(attemptTime: .seconds(120), totalTime: .seconds(300))
    /// Putting parts together: "several minutes" (Amazon S3 API reference, "CompleteMultipartUpload").
    package var completion = S3Patience(attemptTime: .seconds(300), totalTime: .seconds(300))
    /// How long to look for an object whose parts may have been put together although the answer was lost.
    package var effectTime = Duration.seconds(15)
    /// How long to look for a small object that may have been put although the answer was lost.
    package var lookTime = Duration.seconds(60)
    /// The least that an object being read has to bring, in bytes per second of waiting for it.
    package var minimumRate = 4 << 10
    /// How long it may bring less; then it is asked for anew, as often as ``attempts`` says.
    package var slowTime = Duration.seconds(30)
    /// How often a request is sent at most.
    package var attempts = 5
    /// The longest wait before the first retry; it doubles each time.
    ///
    /// What is waited is random, from nothing to this.
    package var firstDelay = Duration.milliseconds(100)
    /// The longest wait between two attempts, also if the server asks for more.
    package var maximumDelay = Duration.seconds(20)
    /// Objects of one page of a listing: the most that S3 gives.
    package var pageSize = 1000
    /// Objects that are in memory at once to put in order what a server lists without: about 5 MB.
    package var sortedObjects = 10_000
    /// How long cleaning up after a failed upload may take, and shutting down may wait for it.
    package var cleanUpTime = Duration.seconds(30)

    /// Makes the usual limits.
    package init() {}
}

extension S3Limits {
    /// Those of the server: somebody waits for a push, and a store that hangs has to be told in time.
    ///
    /// The push itself tries again and says so; so a small request is given up within 10 s, with the look for what a put has done, but is
    /// not lost by one silence. What has many bytes has time for three silences, and so for a `Retry-After` of ``maximumDelay`` too.
    package static var forPushes: S3Limits {
        var limits = S3Limits()
        // Less than an attempt has, so that a server that is not there is told from one that hangs.
        limits.connectTime = .seconds(3)
        limits.idleTime = .seconds(10)
        limits.small = S3Patience(attemptTime: .seconds(4), totalTime: .milliseconds(4500))
        limits.lookTime = .milliseconds(1500)
        limits.large.totalTime = .seconds(30)
        limits.completion.totalTime = .seconds(120)
        return limits
    }
}
