/// How a log is kept while its build runs.
package struct BuildLogLimits: Sendable {
    /// Bytes of a part, and those that wait in memory while one is put; then the build has to wait.
    ///
    /// Large, because every part costs some requests; small, because each running build holds it twice.
    package var partSize = 1 << 20
    /// How long a part's first byte waits for more; so far behind is whoever reads the log of a running build.
    package var partDelay = Duration.seconds(2)
    /// How long the put of a part may take; a store that takes longer hangs, as far as the build is concerned.
    package var patience = Duration.seconds(60)
    /// How long the parts may take to be deleted, once nobody needs them.
    package var tidying = Duration.seconds(5)

    package init() {}

    /// How long a log may take to be put together from its parts: as long as with a store on a slow line.
    ///
    /// - Parameters:
    ///   - bytes: Of the log.
    ///   - parts: How many there are.
    /// - Returns: A limit, not a guess.
    func joining(bytes: Int64, parts: Int) -> Duration {
        // 4 MiB/s, and 20 ms for the way to the store and back.
        .seconds(Double(bytes) / Double(4 << 20)) + .milliseconds(20) * parts
    }
}
