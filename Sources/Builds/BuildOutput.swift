/// Where a build's output goes while it runs: the client, in the end.
package protocol BuildOutput: Sendable {
    /// Passes on some bytes as they are; suspends until the receiver has taken them.
    ///
    /// This is the only brake on a build: while it suspends, the build's own writes block. It must end when its task is
    /// cancelled, because a build that met a limit does not wait for a receiver that takes nothing.
    ///
    /// - Parameter bytes: Any bytes, cut anywhere; not necessarily lines or UTF-8.
    /// - Throws: Any error when the receiver is gone; the build is then cancelled.
    func write(_ bytes: [UInt8]) async throws

    /// Takes note of what goes on from here, for signs of life while there is no output: `building`.
    func begin(_ activity: String)
}

extension BuildOutput {
    /// Not everybody gives signs of life.
    package func begin(_ activity: String) {}
}
