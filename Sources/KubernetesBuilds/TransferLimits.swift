/// How long transfers between a pod and the object store may take.
package struct TransferLimits: Sendable {
    /// Making a connection, TLS included.
    package var connect = Duration.seconds(10)
    /// Silence in the middle of a transfer.
    package var idle = Duration.seconds(60)
    /// How long after the first failure another try may begin: the store may be away for a while.
    package var patience = Duration.seconds(4 * 60)
    /// One transfer as a whole; the server waits for so long, see ``KubernetesTiming/margin``.
    package var total = Duration.seconds(15 * 60)
    package var firstPause = Duration.milliseconds(500)
    package var longestPause = Duration.seconds(10)

    package init() {}
}
