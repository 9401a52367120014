import FoundationEssentials
package import Identifiers

/// One thing that a sweep deletes, or would.
package struct SweepItem: Sendable, Equatable {
    /// What it is.
    package enum Subject: Sendable, Equatable {
        case build(AppName, PushID)
        case source(AppName, commit: String)
        /// What the check of the store left.
        case probe(key: String)
        /// Parts of a log that is there whole.
        case logParts(AppName, PushID)
        /// A build that is said to run and does not: its record is corrected, nothing is deleted.
        case abandoned(AppName, PushID)
    }

    package let subject: Subject
    package let objects: Int
    /// In bytes.
    package let bytes: Int64
    /// Of when it is, in seconds since 1970.
    package let time: Int64

    /// A line about it.
    ///
    /// - Parameter dryRun: Whether it only would be done.
    /// - Returns: As in `deleted build 01J… of blog: 3 objects, 1.2 MiB, of 2026-05-01`.
    package func text(dryRun: Bool) -> String {
        let content = "\(objects.counted("object")), \(bytes.bytesInWords), of \(day)"
        let deletes = dryRun ? "would delete" : "deleted"
        return switch subject {
        case .build(let app, let id): "\(deletes) build \(id) of \(app): \(content)"
        case .source(let app, let commit): "\(deletes) source \(commit) of \(app): \(content)"
        case .probe(let key): "\(deletes) \(key), left by a check of the store: \(content)"
        case .logParts(let app, let id): "\(deletes) needless parts of the log of build \(id) of \(app): \(content)"
        case .abandoned(let app, let id):
            "\(dryRun ? "would mark" : "marked") build \(id) of \(app) as ended: \(AbandonedRecord.reason)"
        }
    }

    private var day: String {
        Date(timeIntervalSince1970: Double(time)).formatted(.iso8601.year().month().day())
    }
}
