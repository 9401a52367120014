import Builds
import GitProtocol
import GitRepository
import Glibc
import Retries
import SystemCalls

/// Why a push as a whole came to nothing: for the pusher, for `ng`, and for the log.
struct PushFailure: Error {
    /// Whose fault it is, which decides how loudly it is logged.
    enum Blame: Sendable {
        case pusher
        case builder
        /// The push was cancelled, as a shutdown does; so does a client that hangs up.
        case shutdown
    }

    /// For the pusher: what happened and what to do.
    let text: String
    /// For `ng`: a few words.
    let reason: String
    /// For the log.
    let detail: String
    let blame: Blame
    /// Whether the pack could not be taken in, which git reports apart.
    var isUnpackFailure = false

    /// A failure that the pusher can mend.
    static func pusher(_ text: String, reason: String) -> PushFailure {
        PushFailure(text: text, reason: reason, detail: reason, blame: .pusher)
    }

    /// A shallow clone was pushed whose missing part is not here either.
    static var shallow: PushFailure {
        PushFailure(
            text: """
                The push was not accepted: this is a shallow clone, and what it lacks is not here either.
                Run "git fetch --unshallow" and push again.
                """,
            reason: "shallow update not allowed", detail: "shallow update not allowed", blame: .pusher,
            isUnpackFailure: false)
    }

    init(text: String, reason: String, detail: String, blame: Blame, isUnpackFailure: Bool = false) {
        self.text = text
        self.reason = reason
        self.detail = detail
        self.blame = blame
        self.isUnpackFailure = isUnpackFailure
    }

    /// Puts any error of the stages below into words.
    init(_ error: any Error) {
        switch error {
        case let failure as PushFailure:
            self = failure
        case PackError.noSpace:
            self.init(
                dependency: RepositoriesUnavailable(SystemCallError(call: "index-pack", code: ENOSPC)),
                isUnpackFailure: true)
        case let error as PackError:
            self.init(
                text: "The push was not accepted: \(error).", reason: "\(error)", detail: "\(error)",
                blame: .pusher, isUnpackFailure: true)
        case let error as ConnectivityError:
            self.init(
                text: "The push was not accepted: \(error).", reason: "missing necessary objects",
                detail: "\(error)", blame: .pusher)
        case let error as PushQueueError:
            self.init(
                text: "The push got no turn: \(error).", reason: "another push is running",
                detail: "\(error)", blame: .pusher)
        case let error as ClientSilent:
            self.init(
                text: "The push was given up: \(error).", reason: "the client was silent",
                detail: "\(error)", blame: .pusher)
        case is CancellationError:
            self.init(
                text: "The builder is restarting. Push again in a moment.",
                reason: "the builder is restarting", detail: "cancelled", blame: .shutdown)
        case let error as SourceError:
            self.init(
                text: "The push was not accepted: \(error).", reason: "the tree cannot be stored", detail: "\(error)",
                blame: .pusher)
        case let error as AppDeletedError:
            self.init(
                text: "The push was not accepted: \(error).", reason: "the app was deleted", detail: "\(error)",
                blame: .pusher)
        case let error as ClientNotReading:
            self.init(
                text: "The push was given up: \(error).", reason: "the client does not read", detail: "\(error)",
                blame: .pusher)
        case let error as any DependencyFailure:
            self.init(dependency: error)
        case let error as BuildServiceError:
            self.init(build: error)
        default:
            self.init(
                text:
                    "The builder has a problem of its own. Push again; if it stays, tell whoever runs it.",
                reason: "a fault of the builder", detail: "\(error)", blame: .builder)
        }
    }

    /// A failure of what a push needs; where it was and what the system said goes to the log alone.
    private init(dependency error: any DependencyFailure, isUnpackFailure: Bool = false) {
        let sentence = "\(error.dependency) is down"
        self.init(
            text: """
                \(sentence.capitalizedFirst): \(error.cause). This is not your push's fault; \(error.advice).
                """,
            reason: sentence, detail: error.logText, blame: .builder, isUnpackFailure: isUnpackFailure)
    }

    private init(build error: BuildServiceError) {
        switch error {
        case .storage(_, let cause): self.init(dependency: cause)
        case .unavailable(let cause): self.init(dependency: cause)
        case .clientGone(let reason):
            self.init(text: "The build was cancelled.", reason: "cancelled", detail: reason, blame: .pusher)
        case .executor(let reason):
            self.init(
                text: "The build could not be run; this is not your push's fault. Push again later.",
                reason: "the build could not be run", detail: reason, blame: .builder)
        }
    }
}

extension PackError {
    /// Whether git failed for a reason that it has no clear word for.
    var mayBeTheDisk: Bool {
        if case .failed = self { true } else { false }
    }

    /// Whether the pack needs an object that is nowhere, as one from a shallow clone may.
    var isMissingObject: Bool {
        switch self {
        case .missingBase, .missingObject: true
        default: false
        }
    }
}
