/// How long one phase of a build took.
package struct BuildPhaseTiming: Sendable, Equatable {
    package let phase: BuildPhase
    package let duration: Duration

    package init(phase: BuildPhase, duration: Duration) {
        self.phase = phase
        self.duration = duration
    }

    /// The duration as seconds with a fraction, which is how the record keeps it.
    package var seconds: Double {
        let parts = duration.components
        return Double(parts.seconds) + Double(parts.attoseconds) / 1e18
    }
}
