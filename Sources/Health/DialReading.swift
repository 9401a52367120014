/// What is known of the SSH port from dialling it.
package struct DialReading: Sendable, Hashable {
    /// Fewer could be one lost packet.
    package static let failuresUntilProblem = 2
    /// A dial older than so many periods says nothing any more.
    package static let periodsUntilStale = 3

    /// Whether there is a port to dial.
    package var isListening: Bool
    /// What came of the last dial.
    package var last: DialResult?
    /// How long ago the last dial ended.
    package var age: Duration?
    /// How many dials failed in a row up to now.
    package var failuresInARow: Int
    /// Whether a dial has ever succeeded since the port is there.
    package var hasAnswered: Bool
    /// How often it is dialled.
    package var period: Duration

    package init(
        isListening: Bool = true, last: DialResult?, age: Duration?, failuresInARow: Int = 0, hasAnswered: Bool = true,
        period: Duration = .seconds(5)
    ) {
        self.isListening = isListening
        self.last = last
        self.age = age
        self.failuresInARow = failuresInARow
        self.hasAnswered = hasAnswered
        self.period = period
    }

    /// How long the last dial took to be answered.
    package var latency: Duration? {
        if case .ok(let latency) = last { latency } else { nil }
    }

    /// What is wrong, in plain English.
    package var problem: String? {
        guard isListening else { return "the SSH server is not listening" }
        guard let last, let age else { return "the SSH port has not been dialled yet" }
        if age > period * Self.periodsUntilStale {
            return "not dialled for \(age.inWords), which is to happen every \(period.inWords)"
        }
        guard let problem = last.problem else { return nil }
        return failuresInARow >= Self.failuresUntilProblem || !hasAnswered ? problem : nil
    }
}
