import GitProtocol
import Logging

/// What becomes of each ref of a push.
struct Verdicts: Sendable {
    private let commands: [RefCommand]
    /// Whether all refs move or none.
    let isAtomic: Bool
    /// Whether the push has commands whose ref names git does not allow; they are refused from the start.
    private let namesRefused: Bool
    private var results: [RefName: RefResult] = [:]
    private var unpack = "ok"
    /// Whether a ref was refused for a fault of the builder, or of what it depends on.
    private(set) var hasFault = false

    init(_ request: ReceivePackRequest) {
        commands = request.commands
        isAtomic = request.capabilities.contains("atomic")
        namesRefused = !request.rejected.isEmpty
        // A name that git would not take makes an atomic push fail as a whole.
        if isAtomic, namesRefused { rejectUndecided(reason: Self.atomicReason) }
    }

    private static let atomicReason = "atomic push failed"

    /// The commands about which nothing is decided.
    var undecided: [RefCommand] { commands.filter { results[$0.ref] == nil } }

    var allAccepted: Bool { !namesRefused && commands.allSatisfy { results[$0.ref] == .ok } }

    /// What became of a ref.
    func result(of ref: RefName) -> RefResult { results[ref] ?? .rejected(reason: "nothing was decided") }

    /// What is to be said of the refs after a failure.
    var aftermath: String {
        commands.contains { isAccepted($0.ref) }
            ? "The refs that are reported as changed are changed." : "Nothing was changed."
    }

    func isAccepted(_ ref: RefName) -> Bool { results[ref] == .ok }

    func isUndecided(_ ref: RefName) -> Bool { results[ref] == nil }

    /// Refuses a ref; in an atomic push, all of them.
    mutating func reject(_ ref: RefName, reason: String) {
        results[ref] = .rejected(reason: reason)
        if isAtomic { rejectUndecided(reason: Self.atomicReason) }
    }

    /// Refuses a ref for what happened to the push; in an atomic push, all of them.
    mutating func reject(_ ref: RefName, for failure: PushFailure) {
        note(failure)
        reject(ref, reason: failure.reason)
    }

    /// Takes over what the repository did, and why it did not do all.
    mutating func settle(_ outcome: [RefName: RefResult], _ failure: PushFailure? = nil) {
        if let failure { note(failure) }
        results.merge(outcome) { $1 }
    }

    /// Refuses everything that is left.
    mutating func rejectUndecided(_ failure: PushFailure) {
        note(failure)
        if failure.isUnpackFailure { unpack = failure.reason }
        rejectUndecided(reason: failure.isUnpackFailure ? "unpacker error" : failure.reason)
    }

    private mutating func note(_ failure: PushFailure) {
        if failure.blame == .builder { hasFault = true }
    }

    private mutating func rejectUndecided(reason: String) {
        for command in commands where results[command.ref] == nil { results[command.ref] = .rejected(reason: reason) }
    }

    /// The report as the client wants it (git's pack-protocol document, "Reporting status"); nothing if it asked for none.
    func report(for request: ReceivePackRequest) -> [UInt8] {
        let version2 = request.capabilities.contains("report-status-v2")
        guard version2 || request.capabilities.contains("report-status") else { return [] }
        let refused = request.rejected.map { RefReport(name: $0.name, result: .rejected(reason: $0.reason)) }
        let decided = commands.map { command in
            RefReport(ref: command.ref.rawValue, result: result(of: command.ref))
        }
        return ReportStatus(unpack: unpack, results: decided + refused).encoded(version2: version2)
    }

    /// For the log: how many refs went which way.
    var metadata: Logger.Metadata {
        let accepted = commands.count { results[$0.ref] == .ok }
        return ["accepted": "\(accepted)", "refused": "\(commands.count - accepted)"]
    }
}
