/// Whether the server is away just now, what of it was told, and when to try again.
struct Outage {
    private var backoff: Backoff
    private var delay: Duration?
    private var told: KubernetesError?
    /// A server that starts refuses everything for a moment, until it has read its rules.
    private static let refusalDoubt = Duration.seconds(5)

    /// Requests that are answered well and cut at once: so many in a row are not told.
    private static let quietFailures = 4

    /// Whether the last request was answered well.
    private var works = false
    /// Since when the server refuses without a pause; nil when it does not.
    private(set) var refusedSince: ContinuousClock.Instant?

    /// Begins without a failure.
    init(_ limits: KubernetesLimits) { backoff = Backoff(limits) }

    /// Whether an outage was told that has not ended.
    var isTold: Bool { told != nil }

    /// Waits as long as the last failure asks for.
    mutating func pause() async throws {
        guard let delay else { return }
        self.delay = nil
        try await Task.sleep(for: delay)
    }

    /// Notes a failure.
    ///
    /// - Parameters:
    ///   - error: What failed.
    ///   - quietly: Whether it is to be told only when it comes again.
    /// - Returns: Whether to tell it now.
    mutating func begin(_ error: KubernetesError, quietly: Bool = false) -> Bool {
        let isFirst = backoff.count < Self.quietFailures
        let worked = works
        works = false
        delay = backoff.next(atLeast: error.retryAfter)
        let refusedSince = error.isRefusal ? refusedSince ?? .now : nil
        self.refusedSince = refusedSince
        if let told {
            guard let refusedSince, !told.isRefusal else { return false }
            guard ContinuousClock.now - refusedSince >= Self.refusalDoubt else { return false }
        } else if isFirst && (worked || quietly) {
            // Most cuts are mended by the next attempt; nobody needs to read of them.
            return false
        }
        told = error
        return true
    }

    /// Notes something that is no failure but must not be repeated without a pause.
    mutating func slowDown() { delay = backoff.next() }

    /// Notes that a request was answered well.
    ///
    /// - Returns: Whether to tell that the outage is over.
    mutating func end() -> Bool {
        works = true
        refusedSince = nil
        defer { told = nil }
        return told != nil
    }

    /// Notes that things flow: the next failure is the first again.
    mutating func forget() { backoff.reset() }
}
