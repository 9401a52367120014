package import Archive
import Glibc

/// How builds run on this machine, and what they may use of it.
package struct LocalExecutorConfiguration: Sendable {
    /// What keeps a build from the rest of the machine.
    package enum Sandbox: String, Sendable, CaseIterable {
        /// Namespaces of its own, made by bubblewrap.
        case bubblewrap
        /// Nothing but another user id and resource limits: for code that one trusts as one's own.
        case none
    }

    /// What a build can reach.
    package enum Network: String, Sendable, CaseIterable {
        /// The host's network.
        case on
        /// A loopback interface of its own.
        case none
    }

    /// Where builds get their directories; made when missing.
    package var workspace: String
    package var sandbox = Sandbox.bubblewrap
    package var network = Network.on
    /// Wall clock, from the start of the recipe to its end.
    package var timeout = Duration.seconds(30 * 60)
    /// Processes and threads of one build at a time: enough for a parallel compiler, too few to exhaust the host's pids.
    package var maximumProcesses: UInt64 = 1024
    /// Bytes in one file.
    package var maximumFileSize: UInt64 = 4 << 30
    /// Bytes of data, heap and private maps of one process, not of all together; 0 for no limit.
    package var maximumMemory: UInt64 = 0
    /// Bytes that a build's directory may occupy while it runs: source, output, home and `/tmp`.
    package var maximumDisk: Int64 = 16 << 30
    /// Bytes that the workspace's file system must have left for a build to start: room for a small build, and for
    /// what the server itself writes.
    package var minimumFreeSpace: Int64 = 1 << 30
    /// Open files of one process; lowered to the server's own limit when that is smaller.
    package var maximumOpenFiles: UInt64 = 65536
    /// Bytes of output; a build that writes more is ended.
    package var maximumLogSize: Int64 = 1 << 30
    /// Bytes of what a build leaves in `$SLIPWAY_OUTPUT`, before compression.
    package var maximumArtifactSize: Int64 = 4 << 30
    /// Builds at a time; more wait their turn.
    package var maximumConcurrentBuilds = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    /// What of a source to refuse as too large.
    package var sourceLimits = ArchiveLimits()
    /// What of the host a build sees, read-only.
    ///
    /// Missing paths are left out, symbolic links stay symbolic links.
    package var readOnlyPaths = [
        "/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32", "/libx32", "/etc", "/opt",
    ]
    /// What a build must not see even if it is below a read-only path: the server's data, keys and access file.
    package var hiddenPaths: [String] = []
    /// Who a build is when the server is root; otherwise it is the server's own user.
    package var buildUser = BuildUser.nobody
    /// The build's `PATH`.
    package var searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// Makes the default configuration.
    ///
    /// - Parameter workspace: Where builds get their directories.
    package init(workspace: String) { self.workspace = workspace }

    /// The user to change to: nil when the server is not root and cannot.
    var changesUser: BuildUser? { geteuid() == 0 ? buildUser : nil }
}
