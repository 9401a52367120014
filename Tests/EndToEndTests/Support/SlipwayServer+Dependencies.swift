/// What the server says of what it depends on.
extension SlipwayServer {
    /// `/status.json`.
    func status() async throws -> JSONTree { try JSONTree(parsing: try await get("/status.json").body) }

    /// The overall sentence.
    func headline() async throws -> String { try await status()["headline"]?.string ?? "" }

    /// All that is said of a dependency.
    func dependency(_ name: String) async throws -> JSONTree? {
        try await status()["dependencies"]?.elements.first { $0["name"]?.string == name }
    }

    /// What is said of a dependency: `up`, `down`, `unknown`.
    func state(of dependency: String) async throws -> String? {
        try await self.dependency(dependency)?["state"]?.string
    }

    /// Waits until the server is ready and all dependencies are known to be up.
    func isWell() async throws {
        try await eventually("the server is well") {
            guard try await get("/readyz").status == 200 else { return false }
            let all = try await status()["dependencies"]?.elements ?? []
            return !all.isEmpty && all.allSatisfy { $0["state"]?.string == "up" }
        }
    }

    /// The log's lines on a dependency's ups and downs.
    func transitions(of dependency: String) -> [LogLine] {
        log.filter { $0["dependency"] == dependency && $0["was"] != nil }
    }

    /// `/metrics`.
    func metrics() async throws -> Metrics { Metrics(try await get("/metrics").body) }

    /// Everything that anybody can read over HTTP, by its path.
    func pages() async throws -> [(path: String, status: Int, body: String)] {
        var pages: [(path: String, status: Int, body: String)] = []
        for path in [
            "/status", "/status.json", "/healthz", "/healthz?verbose", "/readyz?verbose", "/livez?verbose", "/metrics",
        ] {
            let answer = try await get(path)
            pages.append((path, answer.status, answer.body))
        }
        return pages
    }
}
