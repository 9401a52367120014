/// Every state that a pod was in since the watch began: whether it was ready, and how often it was started again.
///
/// `kubectl get --watch` tells each change; nothing is missed between two looks.
final class PodWatch: Sendable {
    private let running: RunningCommand

    init(_ kubectl: Kubectl, pod: String) async throws {
        let columns =
            "custom-columns=R:.status.conditions[?(@.type==\"Ready\")].status,N:.status.containerStatuses[*].restartCount"
        running = try kubectl.command(["get", "pod", pod, "--watch", "--no-headers", "-o", columns]).start()
        let running = running
        try await eventually("the watch of \(pod) has begun") { !running.output.isEmpty }
    }

    /// Each as `True 0`, with repetitions left out.
    var states: [String] {
        var states: [String] = []
        for line in String(decoding: running.output, as: UTF8.self).split(separator: "\n") {
            let state = line.split(separator: " ").joined(separator: " ")
            if states.last != state { states.append(state) }
        }
        return states
    }

    /// Whether it still watches; the API server may have ended it.
    var isOn: Bool { running.process.ending == nil }
}
