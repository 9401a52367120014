import Glibc
import Synchronization

/// All processes of one build, to be killed together and at once.
final class ProcessTree: Sendable {
    private struct State {
        /// The started process, from its start until before it is reaped: as long as the number is surely its own.
        var root: pid_t?
        var isCondemned = false
        var ending: BuildEnding?
    }

    /// How often stragglers are looked for before one gives up; each time takes some 10 ms.
    private static let stragglerRounds = 100
    /// So many times in a row none must be found: one that is in the middle of its execve(2) cannot be told from a stranger's.
    private static let quietRounds = 10

    private let reach: BuildCommand.Reach
    private let state = Mutex(State())

    init(reach: BuildCommand.Reach) { self.reach = reach }

    /// Why the tree was killed; nil when it was not, or by a cancellation.
    var ending: BuildEnding? { state.withLock { $0.ending } }

    /// Notes that the root process runs; kills it right away if its end was asked for before.
    func started(_ root: pid_t) {
        let isCondemned = state.withLock { state in
            state.root = root
            return state.isCondemned
        }
        if isCondemned { kill() }
    }

    /// Notes that the root process has ended and will be reaped.
    func ended() { state.withLock { $0.root = nil } }

    /// Kills all processes of the build.
    ///
    /// - Parameter ending: What to report; the first one stays.
    func kill(_ ending: BuildEnding? = nil) {
        let root = state.withLock { state in
            if !state.isCondemned { state.ending = ending }
            state.isCondemned = true
            return state.root
        }
        guard let root else { return }
        switch reach {
        case .namespace(let depth):
            // With its first process the kernel ends a pid namespace, and bubblewrap ends when that is done. Before
            // there is one, what is on the way to it is all there is.
            var generation = [root]
            for _ in 0..<depth {
                let next = generation.flatMap(ProcessTable.children)
                if !next.isEmpty { generation = next }
            }
            for pid in generation { _ = Glibc.kill(pid, SIGKILL) }
        case .marked(let marker):
            _ = Glibc.kill(-root, SIGKILL)
            ProcessTable.kill(session: root, marker: marker)
        }
    }

    /// Kills what outlived the root process until nothing is left.
    func endStragglers() async {
        guard case .marked = reach else { return }
        var quiet = 0
        for _ in 0..<Self.stragglerRounds {
            quiet = killStragglers() ? 0 : quiet + 1
            if quiet == Self.quietRounds { return }
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Kills what outlived the root process; a pid namespace leaves nothing.
    ///
    /// - Returns: Whether there was anything.
    @discardableResult
    func killStragglers() -> Bool {
        guard case .marked(let marker) = reach else { return false }
        return ProcessTable.kill(session: state.withLock { $0.root }, marker: marker)
    }

    /// Kills what outlived the root process if that has ended by now.
    ///
    /// Without it, a process left behind that writes without end would keep the build going.
    func killStragglersOfEnded() {
        guard case .marked = reach, let root = state.withLock({ $0.root }) else { return }
        var information = unsafe siginfo_t()
        let asked = unsafe waitid(P_PID, id_t(root), &information, WEXITED | WNOHANG | WNOWAIT) == 0
        // Nothing is filled in while the process runs.
        if asked, unsafe information.si_signo != 0 { killStragglers() }
    }
}
