extension RetentionPolicy {
    /// Which of an app's sources go.
    ///
    /// - Parameters:
    ///   - sources: All of them, in any order.
    ///   - now: In seconds since 1970.
    ///   - inUse: The commits of the builds that are kept, nil when they cannot be told: then nothing goes. Not asked
    ///     when nothing would go anyway.
    /// - Returns: Those that go, the oldest first.
    /// - Throws: What `inUse` throws.
    package func expired(
        among sources: [StoredSource], now: Int64, inUse: () async throws -> Set<String>?
    ) async throws -> [StoredSource] {
        let oldestFirst = sources.sorted { ($0.modified, $0.commit) < ($1.modified, $1.commit) }
        let expired = oldestFirst.dropLast(keepBuilds).filter { !isYoung($0.modified, now: now) }
        guard !expired.isEmpty, let commits = try await inUse() else { return [] }
        return expired.filter { !commits.contains($0.commit) }
    }
}
