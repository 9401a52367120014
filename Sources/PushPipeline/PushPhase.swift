/// The parts of a push, as the log, the metrics and the status page call them.
package enum PushPhase: String, Sendable, CaseIterable {
    /// Waiting for another push to the same app.
    case queue
    /// The pack comes in.
    case receive
    /// Connectivity and what a ref may point to.
    case check
    /// The tree goes to the object store.
    case source
    /// The source comes back from there to be built.
    case fetch
    case unpack
    case build
    case artifact
    /// Packs and refs take their place.
    case promote
}
