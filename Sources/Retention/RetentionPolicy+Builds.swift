package import Identifiers

extension RetentionPolicy {
    /// Which of an app's builds go.
    ///
    /// - Parameters:
    ///   - builds: All of them, in any order.
    ///   - now: In seconds since 1970.
    ///   - hasSucceeded: Says how a build ended. Asked from the newest build on until one has succeeded, and not at all
    ///     when nothing would go anyway.
    /// - Returns: Those that go, the oldest first.
    /// - Throws: What `hasSucceeded` throws.
    package func expired(
        among builds: [StoredBuild], now: Int64, hasSucceeded: (PushID) async throws -> Bool
    ) async throws -> [StoredBuild] {
        let newestFirst = builds.sorted { $0.id > $1.id }
        var rank = 0
        var expired: [StoredBuild] = []
        for build in newestFirst {
            // What is left of a build without its record is no build that somebody could look at.
            let isAmongNewest = build.hasRecord && rank < keepBuilds
            if build.hasRecord { rank += 1 }
            if !isAmongNewest, !isYoung(build.time, now: now) { expired.append(build) }
        }
        guard let oldest = expired.last else { return [] }
        for build in newestFirst where build.hasRecord && build.id >= oldest.id {
            guard try await hasSucceeded(build.id) else { continue }
            expired.removeAll { $0.id == build.id }
            break
        }
        return expired.reversed()
    }
}
