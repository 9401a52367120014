/// Which probe looks at what.
///
/// Pure, so that every combination can be tried.
package enum Readiness {
    /// What only a restart mends.
    ///
    /// Nothing else: a restart for a full disk or a slow dependency makes it worse.
    package static func livez(_ inputs: ReadinessInputs) -> [ProbeCheck] {
        let usual = [Heartbeat.supervisorName, Heartbeat.acceptorName, Watchdog.name]
        let others = inputs.stalls.map(\.name).filter { !usual.contains($0) }
        return (usual + others).map { ProbeCheck(name: $0, problem: standstill(of: $0, in: inputs)) }
    }

    /// What decides whether connections should be sent here.
    ///
    /// No dependencies: a pod that is not ready refuses the connection, and the developer is told nothing.
    package static func readyz(_ inputs: ReadinessInputs) -> [ProbeCheck] {
        [
            ProbeCheck(name: "circuit", problem: circuitProblem(inputs)),
            ProbeCheck(name: "ssh", problem: inputs.dial.problem),
        ]
            // What stands still serves nobody; whether that needs a restart is decided more slowly.
            + livez(inputs) + [
                ProbeCheck(name: "slots", problem: inputs.slots.problem),
                ProbeCheck(name: "workspace", problem: inputs.workspaceProblem),
                ProbeCheck(name: "drain", problem: inputs.drain),
            ]
    }

    /// Whether the start is over; once it is, it stays so.
    ///
    /// Whoever can ask this has a server with its configuration read, its host keys loaded and its workspace made.
    package static func startupz(_ inputs: ReadinessInputs) -> [ProbeCheck] {
        [
            ProbeCheck(name: "configuration"),
            ProbeCheck(name: "host-keys"),
            ProbeCheck(name: "workspace"),
            ProbeCheck(
                name: "ssh", problem: inputs.circuitHasBeenClosed ? nil : "the SSH server is not listening yet"),
        ]
    }

    /// The line of `/healthz` for SSH: connections are accepted, and the port answers.
    package static func ssh(_ inputs: ReadinessInputs) -> ProbeCheck {
        ProbeCheck(name: "ssh", problem: circuitProblem(inputs) ?? inputs.dial.problem)
    }

    private static func circuitProblem(_ inputs: ReadinessInputs) -> String? {
        if inputs.circuitIsClosed { return nil }
        if inputs.drain != nil { return "draining" }
        return inputs.circuitHasBeenClosed
            ? "the SSH server has stopped accepting connections"
            : "the SSH server does not accept connections yet"
    }

    private static func standstill(of name: String, in inputs: ReadinessInputs) -> String? {
        guard let stall = inputs.stalls.first(where: { $0.name == name }) else { return nil }
        let subject =
            switch name {
            case Heartbeat.supervisorName: "all worker threads are blocked: nothing has run"
            case Heartbeat.acceptorName: "the loop that accepts connections has stood still"
            case Watchdog.name: "the watchdog thread has not looked"
            default: "it has stood still"
            }
        return "\(subject) for \(stall.seconds) s"
    }
}
