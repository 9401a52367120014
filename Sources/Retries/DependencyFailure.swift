/// A failure of something that a push needs and that is no part of it: object storage, the executor, a disk.
package protocol DependencyFailure: Error, Sendable {
    /// What failed, as people call it: `object storage`.
    var dependency: String { get }
    /// What is wrong with it, for pushers: without places, commands and secrets.
    var cause: String { get }
    /// What a pusher can do: `try again in about 30 s`.
    var advice: String { get }
    /// For the log.
    var logText: String { get }
    /// Whether the same may succeed in a moment.
    var mayPass: Bool { get }
}
