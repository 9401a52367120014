import Builds
package import Identifiers
import ObjectStorage

/// A build, as the listing of the store shows it: small, for an app may have a hundred thousand.
package struct StoredBuild: Sendable, Equatable {
    package let id: PushID
    /// When it was begun, or an object of it put last, in seconds since 1970: whichever is later.
    ///
    /// A clock that was wrong for a while must not make a build look old.
    package private(set) var time: Int64
    /// How many objects it has.
    package private(set) var objects = 0
    /// How large these are together.
    package private(set) var bytes: Int64 = 0
    private var recordTime: Int64?
    private var logTime: Int64?
    private var hasArtifact = false
    private var lastPart = 0
    /// How many parts of its log there are.
    private(set) var partCount = 0
    /// How large these are together.
    private(set) var partBytes: Int64 = 0

    package init(id: PushID) {
        self.id = id
        time = id.seconds
    }

    /// Whether anybody can find it.
    package var hasRecord: Bool { recordTime != nil }

    /// Whether its record may still say that it runs.
    ///
    /// A build's end puts the log, removes the log's parts, then puts the record: where that is not what is seen, the
    /// end did not come, or the store failed. Only a build that was shorter than the store's second can look finished
    /// without being it.
    package var mayBeUnfinished: Bool {
        guard let recordTime else { return false }
        guard let logTime, lastPart == 0 else { return true }
        return recordTime < logTime
    }

    /// Whether its log is there whole, and in parts as well.
    var hasNeedlessParts: Bool { logTime != nil && lastPart > 0 }

    /// Counts one of its objects.
    mutating func add(_ part: BuildPart, _ object: ObjectMetadata) {
        objects += 1
        bytes += object.size
        time = max(time, object.modified)
        switch part {
        case .record: recordTime = object.modified
        case .log: logTime = object.modified
        case .artifact: hasArtifact = true
        case .logPart(let number):
            lastPart = max(lastPart, number)
            partCount += 1
            partBytes += object.size
        }
    }

    /// The keys of its objects, those of the record apart: it goes last, so that an interrupted sweep leaves nothing that
    /// the next would not find.
    ///
    /// - Parameter app: Whose it is.
    /// - Returns: Them.
    /// - Throws: `ObjectKeyError`, which no id causes.
    func keys(in app: AppName) throws(ObjectKeyError) -> (contents: [ObjectKey], record: ObjectKey) {
        let keys = try BuildKeys(app: app, id: id.rawValue)
        var contents: [ObjectKey] = []
        if hasArtifact { contents.append(keys.artifact) }
        if logTime != nil { contents.append(keys.log) }
        return (try contents + partKeys(in: app), keys.record)
    }

    /// The keys of its log's parts: numbered from 1 on without a gap; that one is gone already is no error.
    ///
    /// - Parameter app: Whose it is.
    /// - Returns: Them.
    /// - Throws: `ObjectKeyError`, which no id causes.
    func partKeys(in app: AppName) throws(ObjectKeyError) -> [ObjectKey] {
        let keys = try BuildKeys(app: app, id: id.rawValue)
        var parts: [ObjectKey] = []
        for number in 0..<lastPart { parts.append(try keys.logPart(number + 1)) }
        return parts
    }
}
