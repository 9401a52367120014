package import Health

/// What the probes look at.
package protocol ProbeBoard: Sendable {
    /// What only a restart mends; read from memory.
    func livez() -> [ProbeCheck]

    /// What keeps connections from being served; read from memory.
    func readyz() -> [ProbeCheck]

    /// What a start needs; read from memory.
    func startupz() -> [ProbeCheck]

    /// Everything, dependencies included; may take as long as a check is allowed to.
    func healthz() async -> [ProbeCheck]
}

extension HealthBoard: ProbeBoard {}
