/// The limits of ``BuildService`` itself; the executor has its own for the build.
package struct BuildServiceLimits: Sendable {
    /// How long the record of a build may take to be stored after its end, and its log besides what its size asks for.
    ///
    /// They are stored even when the push is cancelled, so a store that hangs must not keep the app locked.
    package var finishing: Duration

    /// How the log is kept meanwhile.
    package var log: BuildLogLimits

    package init(finishing: Duration = .seconds(10), log: BuildLogLimits = BuildLogLimits()) {
        self.finishing = finishing
        self.log = log
    }
}
