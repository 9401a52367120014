/// The Jobs of builds in one namespace, and their pods.
struct BuildJobs: Sendable {
    let kubectl: Kubectl

    init(_ namespace: String) { kubectl = Kubectl(namespace: namespace) }

    /// An app's Jobs.
    func jobs(of app: String) async throws -> [JSONTree] { try await kubectl.list("jobs", "slipway.dev/app=\(app)") }

    /// An app's pods.
    func pods(of app: String) async throws -> [JSONTree] { try await kubectl.list("pods", "slipway.dev/app=\(app)") }

    /// Waits until the build of an app runs, in the container `build`.
    ///
    /// - Returns: The pod.
    func running(_ app: String, within limit: Duration = .seconds(90)) async throws -> JSONTree {
        try await kubectl.eventually("the build of \(app) runs", within: limit) {
            try await pods(of: app).first { pod in
                let steps = pod["status", "initContainerStatuses"]?.elements ?? []
                return steps.contains { $0["name"]?.string == "build" && $0["state", "running"] != nil }
            }
        }
    }

    /// Makes a build that waits in ``GitClient/waitForLeave`` go on.
    func giveLeave(_ app: String) async throws {
        let pod = try await running(app)
        try await kubectl("exec", pod.name, "-c", "build", "--", "touch", "/workspace/home/leave")
    }

    /// Waits until an app has neither Jobs nor pods.
    func areGone(_ app: String, within limit: Duration) async throws {
        try await kubectl.eventually("the Jobs and pods of \(app) are gone", within: limit) {
            guard try await jobs(of: app).isEmpty else { return false }
            return try await pods(of: app).isEmpty
        }
    }
}
