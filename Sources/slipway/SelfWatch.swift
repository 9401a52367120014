import Glibc
import Health
import Logging
import SSHServer
import ServiceLifecycle
import Settings

/// What the server knows of itself, without asking anybody else: sources of the probes' answers.
struct SelfWatch: Sendable {
    let circuit = Circuit()
    let acceptor = Heartbeat(name: Heartbeat.acceptorName)
    let drain: DrainState
    private let pulse: Pulse
    private let watchdog: Watchdog
    private let workspace: WorkspaceWatch

    /// Makes the watches; none looks yet.
    ///
    /// - Parameters:
    ///   - settings: How long a standstill may last.
    ///   - data: The folder that must be writable.
    ///   - runningPushes: How many pushes a shutdown waits for.
    init(settings: Settings, data: DataDirectory, runningPushes: @escaping @Sendable () -> Int) {
        let supervisor = Heartbeat(name: Heartbeat.supervisorName)
        pulse = Pulse(heartbeat: supervisor)
        watchdog = Watchdog(
            heartbeats: [supervisor, acceptor], crashAfter: settings.health.crashAfter,
            announce: { EmergencyLine.write(LogOutput.lastLine($0, settings.log)) })
        workspace = WorkspaceWatch(path: data.path, logger: Logger(label: "health"))
        drain = DrainState(runningPushes: runningPushes)
    }

    /// All that the probes look at.
    ///
    /// - Parameters:
    ///   - port: Dials the SSH port.
    ///   - slots: How many connections are taken.
    /// - Returns: Values, read from memory.
    func inputs(port: PortWatch, slots: SlotsReading) -> ReadinessInputs {
        ReadinessInputs(
            circuitIsClosed: circuit.isClosed, circuitHasBeenClosed: circuit.hasBeenClosed, dial: port.latest,
            slots: slots, workspaceProblem: workspace.problem, drain: drain.text, stalls: watchdog.stalled)
    }

    /// What runs beside the servers.
    func services(port: PortWatch) -> [any Service] {
        [
            BackgroundService { [pulse] in await pulse.run() },
            BackgroundService { [workspace] in await workspace.run() },
            BackgroundService { await port.run() },
        ]
    }

    /// Starts the watchdog, before anything that could stand still.
    ///
    /// - Throws: When there is no thread for it.
    func startWatchdog() throws { try watchdog.start() }

    /// Stops the watchdog: what stands still from here on has ended.
    func stopWatchdog() { watchdog.stop() }
}
