/// What a sweep did, or would have done.
package struct SweepSummary: Sendable, Equatable {
    /// Apps that have objects.
    package internal(set) var apps = 0
    /// Builds that went.
    package internal(set) var builds = 0
    /// Sources that went.
    package internal(set) var sources = 0
    /// Objects that checks of the store had left.
    package internal(set) var probes = 0
    /// Builds that were said to run and did not.
    package internal(set) var abandoned = 0
    /// Objects that went, all together.
    package internal(set) var objects = 0
    /// Their bytes.
    package internal(set) var bytes: Int64 = 0
    package internal(set) var keptBuilds = 0
    package internal(set) var keptSources = 0
    /// Objects with names that are none of ours; they stay.
    package internal(set) var foreign = 0
    /// Builds and sources of apps that have too many to look at in one sweep; they stay for now.
    package internal(set) var left = 0
    /// What could not be swept, a line for each app.
    package internal(set) var failures: [String] = []

    /// Lines about it.
    ///
    /// - Parameter dryRun: Whether nothing was done.
    /// - Returns: At least one line.
    package func lines(dryRun: Bool) -> [String] {
        let went = [builds.counted("build"), sources.counted("source"), probes.counted("probe")].joined(separator: ", ")
        var lines = [
            "\(dryRun ? "would delete" : "deleted") \(objects.counted("object")), \(bytes.bytesInWords): \(went)",
            "kept \(keptBuilds.counted("build")) and \(keptSources.counted("source")) of \(apps.counted("app"))",
        ]
        if abandoned > 0 {
            lines.append("\(dryRun ? "would mark" : "marked") \(abandoned.counted("build")) as ended with the server")
        }
        if foreign > 0 { lines.append("left alone \(foreign.counted("object")) with names that are not Slipway's") }
        if left > 0 { lines.append("left \(left) builds and sources for later: too many for one sweep; sweep again") }
        return lines + failures.map { "failed: \($0)" }
    }
}
