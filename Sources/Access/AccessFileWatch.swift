import SystemCalls

/// Decides what one look at the access file means; does no I/O and knows no clock.
struct AccessFileWatch {
    /// What a look at the path found.
    enum Look: Equatable {
        case found(FileIdentity)
        case missing(SystemCallError)
    }

    /// What is to be done about it.
    enum Action: Equatable {
        case nothing
        /// The file is other than before; look again soon, and read it when it has come to rest.
        case settle
        case read
        case reportMissing(SystemCallError)
    }

    /// What was read, or reported, last.
    private var handled: Look
    /// A change seen once and not yet confirmed.
    private var candidate: FileIdentity?

    /// - Parameter identity: The version that was read at the start.
    init(loaded identity: FileIdentity) {
        handled = .found(identity)
    }

    /// Takes a look into account.
    ///
    /// A change is acted on when two looks agree: a writer in the middle of the file would otherwise have half of it
    /// read, and half of `blog-api` is `blog`.
    mutating func observe(_ look: Look) -> Action {
        guard look != handled else {
            candidate = nil
            return .nothing
        }
        switch look {
        case .found(let identity):
            guard candidate == identity else {
                candidate = identity
                return .settle
            }
            candidate = nil
            handled = look
            return .read
        case .missing(let error):
            candidate = nil
            handled = look
            return .reportMissing(error)
        }
    }
}
