/// All that the probes look at, as values.
package struct ReadinessInputs: Sendable, Hashable {
    /// As in ``Circuit/isClosed``.
    package var circuitIsClosed: Bool
    /// As in ``Circuit/hasBeenClosed``.
    package var circuitHasBeenClosed: Bool
    /// What dialling the SSH port found.
    package var dial: DialReading
    /// How many connections are taken.
    package var slots: SlotsReading
    /// Why files cannot be written in the workspace, in plain English.
    package var workspaceProblem: String?
    /// The step of the drain, as in ``DrainState/text``; `nil` while serving.
    package var drain: String?
    /// What stands still.
    package var stalls: [Stall]

    package init(
        circuitIsClosed: Bool, circuitHasBeenClosed: Bool, dial: DialReading, slots: SlotsReading,
        workspaceProblem: String? = nil, drain: String? = nil, stalls: [Stall] = []
    ) {
        self.circuitIsClosed = circuitIsClosed
        self.circuitHasBeenClosed = circuitHasBeenClosed
        self.dial = dial
        self.slots = slots
        self.workspaceProblem = workspaceProblem
        self.drain = drain
        self.stalls = stalls
    }
}
