/// For how long a log has been silent, when somebody waits for its end.
struct LogSilence {
    /// When it last moved; nil while its receiver is slow, which is no silence of the log.
    private var lastMove: ContinuousClock.Instant?

    init(at now: ContinuousClock.Instant) { lastMove = now }

    /// Something came, and is being taken.
    mutating func beginMove() { lastMove = nil }

    mutating func endMove(at now: ContinuousClock.Instant) { lastMove = now }

    /// From now on silence counts: before, the container had nothing to say, or nothing could come.
    mutating func restart(at now: ContinuousClock.Instant) { if lastMove != nil { lastMove = now } }

    func length(at now: ContinuousClock.Instant) -> Duration { lastMove.map { now - $0 } ?? .zero }
}
