import Retries

extension ObjectStoreError: DependencyFailure {
    package var dependency: String { "object storage" }
    package var cause: String { kind.inWords }
    package var advice: String { kind.advice }
    package var logText: String { description + (detail.map { " (\($0))" } ?? "") }
    package var mayPass: Bool { kind.mayPass }
}

extension ObjectStoreError.Kind {
    /// Whether the same may succeed in a moment.
    package var mayPass: Bool {
        switch self {
        case .unavailable, .unresponsive, .unreachable, .throttled, .simulated, .noDescriptors: true
        // Somebody frees space, mounts the disk for writing again, or rotates keys.
        case .noSpace, .notAllowed, .readOnly, .noCredentials, .noSuchBucket, .clockSkew: true
        case .notFound, .conditionFailed, .invalidRange, .tooLarge, .damaged, .misuse, .unsupported, .noDirectory: false
        }
    }
}

extension ObjectStoreError.Kind {
    /// What is wrong with a store that should have done a plain thing, for pushers.
    package var inWords: String {
        switch self {
        case .noSpace: "no space is left"
        case .notAllowed: "access is refused"
        case .noDirectory: "its folder is none"
        case .readOnly: "it cannot be written to"
        case .noDescriptors: "this builder is out of file descriptors"
        case .unresponsive: "no answer in time"
        case .notFound, .damaged, .tooLarge, .invalidRange: "it does not give back what it was given"
        case .unreachable: "its server cannot be reached"
        case .noSuchBucket: "its bucket does not exist"
        case .clockSkew: "this builder's clock and the storage's are too far apart"
        case .throttled: "it has too much to do"
        case .noCredentials: "this builder has no credentials for it"
        case .simulated: "a fault is simulated"
        case .conditionFailed, .misuse, .unavailable, .unsupported: "the server's log says why"
        }
    }

    /// What a pusher can do about it.
    fileprivate var advice: String {
        switch self {
        case .noSpace, .notAllowed, .readOnly, .noSuchBucket, .noCredentials, .clockSkew, .noDirectory:
            "whoever runs this builder has to act, so try again later"
        default: "try again in about 30 s"
        }
    }
}
