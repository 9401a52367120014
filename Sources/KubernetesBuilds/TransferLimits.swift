/// How long transfers between a pod and the object store may take.
package struct TransferLimits: Sendable {
    /// Making a connection, TLS included.
    package var connect = Duration.seconds(10)
    /// Silence in the middle of a transfer.
    package var idle = Duration.seconds(60)
    /// How long after the first failure another try may begin: the store may be away for a while.
    package var patience = Duration.seconds(4 * 60)
    /// One transfer with all its tries, at least; large ones that are stored have more, see ``time(for:)``.
    package var total = Duration.seconds(15 * 60)
    /// Bytes of a second that a transfer has to make on the average: a link of 100 Mbit/s among six builds.
    package var minimumRate: Int64 = 2 << 20
    package var firstPause = Duration.milliseconds(500)
    package var longestPause = Duration.seconds(10)

    package init() {}

    /// How long storing something may take with all tries; the server waits for longer, see
    /// ``KubernetesBuildConfiguration/storeMargin``, so that the pod itself says why it failed.
    ///
    /// - Parameter size: Bytes of it.
    /// - Returns: Twice the time of its pace, since a first try may fail at its very end, and no less than small ones have.
    func time(for size: Int64) -> Duration { max(total, .seconds(size / minimumRate) * 2) }
}
