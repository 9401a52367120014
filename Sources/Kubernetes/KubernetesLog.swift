/// What one container writes, from its first byte to its last.
///
/// It waits for a container that has not started, and ends when the container has ended and its log was read to the
/// end. After a cut it goes on exactly where it was: the log is asked for with time stamps, which are taken out again
/// (``LogEntryParser``), and what was delivered is found again by them (``LogPosition``).
///
/// No more than a few buffers of the network are in memory; a reader that is slow makes the server wait.
///
/// One reader at a time. A container that is restarted is not followed into its next run.
package struct KubernetesLog: AsyncSequence, Sendable {
    package typealias Element = LogEvent

    let client: KubernetesClient
    let namespace: String
    let pod: String
    let container: String
    let ending = LogEnding()
    /// How long a reading may be silent once the container has ended.
    ///
    /// All that it wrote is on the node's disk then: silence is a connection that died or a node in trouble, and of
    /// ``KubernetesLimits/logFinalAttempts`` attempts the next one is worth more than waiting.
    package var finalPatience = Duration.seconds(5)

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }

    /// Says that the container has ended: its pod is looked at once more at once, and what is left is read.
    ///
    /// The reader notices an end by itself too, but only when its connection ends or has been silent for long.
    package func expectEnd() { ending.expect() }

    /// Whether ``expectEnd()`` was called.
    package var isEndExpected: Bool { ending.isExpected }

    /// Waits before the log is read on; no longer than until the container's end is expected.
    ///
    /// - Parameter time: How long.
    /// - Throws: `CancellationError`.
    package func pause(for time: Duration) async throws {
        _ = try await ending.interrupting { try await Task.sleep(for: time) }
    }

    /// The request for all of the log, or what of it has not been delivered.
    func request(from position: LogPosition) -> KubernetesRequest {
        var request = KubernetesRequest(
            method: .get, path: ResourceKind.pods.path(namespace: namespace, name: pod) + "/log",
            query: [
                (name: "container", value: container), (name: "follow", value: "true"),
                (name: "timestamps", value: "true"),
            ],
            operation: "read the log of \(container) in pod \(namespace)/\(pod)", maximumAnswer: .max)
        if let anchor = position.anchor { request.query.append((name: "sinceTime", value: anchor.since)) }
        return request
    }
}

extension KubernetesClient {
    /// Follows what a container writes.
    ///
    /// - Parameters:
    ///   - namespace: Of the pod.
    ///   - pod: Its name; it has to exist.
    ///   - container: A container or init container of it.
    /// - Returns: A sequence that is to be read once; nothing is sent until it is read.
    package func followLog(namespace: String, pod: String, container: String) -> KubernetesLog {
        KubernetesLog(client: self, namespace: namespace, pod: pod, container: container)
    }
}
