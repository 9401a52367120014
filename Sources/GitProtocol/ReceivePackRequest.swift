/// All that a client says before its pack.
package struct ReceivePackRequest: Equatable, Sendable {
    /// The changes asked for, in the client's order, each ref at most once.
    package let commands: [RefCommand]

    /// Commands whose ref has a name that is not allowed.
    package let rejected: [RejectedCommand]

    /// What the client can do and wants; empty when there is no command to carry it.
    package let capabilities: Capabilities

    /// What the user gave with `git push -o`.
    package let pushOptions: [String]

    /// Commits whose parents the client does not have.
    package let shallow: [ObjectID]

    /// Whether a pack follows: when anything but deletions is asked for (gitprotocol-pack), allowed or not.
    package var needsPack: Bool {
        commands.contains { $0.kind != .delete } || rejected.contains { !$0.isDelete }
    }
}
