/// Where all that is known of the server's health comes together, for whoever answers questions about it.
package final class HealthBoard: Sendable {
    /// How old a good answer may be for `/healthz`, and for the gate.
    package static let freshness = Duration.seconds(10)
    /// How long `/healthz` may wait for dependencies: monitors commonly give up after 1 s.
    package static let healthzLimit = Duration.milliseconds(800)

    /// The dependencies.
    package let dependencies: DependencyMonitor

    private let currentInputs: @Sendable () -> ReadinessInputs
    private let metrics = BoardMetrics()

    /// Ties together what a server consists of.
    ///
    /// - Parameters:
    ///   - circuit: Whether connections are accepted.
    ///   - portWatch: Whether the port answers.
    ///   - watchdog: Whether anything stands still.
    ///   - slots: How many connections are taken; must not wait.
    ///   - workspace: Whether files can be written.
    ///   - drain: How far the server is on its way out.
    ///   - dependencies: What `/healthz` looks at besides.
    package convenience init(
        circuit: Circuit, portWatch: PortWatch, watchdog: Watchdog, slots: @escaping @Sendable () -> SlotsReading,
        workspace: WorkspaceWatch, drain: DrainState, dependencies: DependencyMonitor
    ) {
        self.init(dependencies: dependencies) {
            ReadinessInputs(
                circuitIsClosed: circuit.isClosed, circuitHasBeenClosed: circuit.hasBeenClosed, dial: portWatch.latest,
                slots: slots(), workspaceProblem: workspace.problem, drain: drain.text, stalls: watchdog.stalled)
        }
    }

    /// Takes what the probes look at from anywhere.
    ///
    /// - Parameters:
    ///   - dependencies: What `/healthz` looks at besides.
    ///   - inputs: What the probes look at; must not wait.
    package init(dependencies: DependencyMonitor, inputs: @escaping @Sendable () -> ReadinessInputs) {
        self.dependencies = dependencies
        currentInputs = inputs
    }

    /// All that the probes look at, now.
    package var inputs: ReadinessInputs { currentInputs() }

    /// Whether only a restart helps.
    ///
    /// Memory only.
    package func livez() -> [ProbeCheck] { Readiness.livez(inputs) }

    /// Whether connections should be sent here.
    ///
    /// Memory only.
    package func readyz() -> [ProbeCheck] { Readiness.readyz(inputs) }

    /// Whether the start is over.
    ///
    /// Memory only.
    package func startupz() -> [ProbeCheck] { Readiness.startupz(inputs) }

    /// Everything, dependencies included; those not known good lately are checked now, together.
    ///
    /// - Returns: `ssh`, then one for each dependency under its name, after ``healthzLimit`` at the latest.
    package func healthz() async -> [ProbeCheck] {
        let readings = await dependencies.current(
            neededByPushOnly: false, freshness: Self.freshness, limit: Self.healthzLimit)
        return [Readiness.ssh(inputs)] + readings.map { ProbeCheck(name: $0.status.name, problem: $0.problem) }
    }

    /// Writes the gauges that tell the present: readiness, drain, simulated faults.
    ///
    /// To be called before each scrape.
    package func recordMetrics() {
        let inputs = inputs
        metrics.record(
            isReady: Readiness.readyz(inputs).allSatisfy(\.isOK), isDraining: inputs.drain != nil,
            simulatedFaults: dependencies.statuses.filter { $0.simulated != nil }.count)
    }
}
