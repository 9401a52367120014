/// The limits of ``BuildService`` itself; the executor has its own for the build.
package struct BuildServiceLimits: Sendable {
    /// How long the log and the record of a build may take to be stored after its end.
    ///
    /// They are stored even when the push is cancelled, so a store that hangs must not keep the app locked.
    package var finishing: Duration

    package init(finishing: Duration = .seconds(10)) { self.finishing = finishing }
}
