import Dispatch
package import Logging
import Synchronization
import SystemCalls

/// The access file on disk, and the rules it last held.
///
/// Changes are found by one `stat` a second rather than by inotify: it sees edits in place, files renamed over, and
/// the swap of the `..data` link of a Kubernetes ConfigMap alike, needs no watch on every directory that a link
/// passes through, and works on network and overlay file systems, where inotify is silent. The cost is a few
/// microseconds a second.
package final class AccessFile: Sendable {
    /// How often the file is looked at: what a person who just saved it does not notice.
    static let pollInterval = Duration.seconds(1)
    /// How long a changed file must rest before it is read.
    static let settleInterval = Duration.milliseconds(100)
    /// How many user names one log line lists.
    private static let maximumListedNames = 20

    private let path: String
    private let logger: Logger
    private let interval: Duration
    private let currentRules: Mutex<AccessRules>
    private let watch: Mutex<WatchState>
    // The file may be on a network: a `stat` that hangs must not hold a thread of the cooperative pool.
    private let queue = DispatchQueue(label: "slipway.access-file")

    private struct WatchState {
        var watch: AccessFileWatch
        /// What was wrong with the file at the last look.
        var trouble: String?
    }

    /// When the file was last looked at, and what was wrong with it; apart from ``watch``, which is held while the disk is asked.
    private let latest = Mutex((look: ContinuousClock.now, trouble: String?.none))
    /// A look that takes longer means that the file system hangs.
    private static let longestLook = Duration.seconds(10)

    /// Reads the file once.
    ///
    /// - Parameters:
    ///   - path: The file, or a symbolic link to it.
    ///   - logger: Gets one line for each reload, and for each trouble.
    /// - Throws: ``AccessFileError`` when the file is missing, unreadable or broken.
    package convenience init(path: String, logger: Logger) throws(AccessFileError) {
        try self.init(path: path, logger: logger, interval: Self.pollInterval)
    }

    init(path: String, logger: Logger, interval: Duration) throws(AccessFileError) {
        let contents = try AccessFileContents.read(path: path)
        let rules = try AccessRules.parse(yaml: contents.text)
        self.path = path
        self.logger = logger
        self.interval = interval
        currentRules = Mutex(rules)
        watch = Mutex(WatchState(watch: AccessFileWatch(loaded: contents.identity)))
    }

    /// The rules in force; never waits for the disk.
    package var rules: AccessRules {
        currentRules.withLock { $0 }
    }

    /// What keeps changes of the file from being seen, in words without places; `nil` when nothing does.
    ///
    /// Whatever it is, the last good rules stay in force. Never waits for the disk.
    package var trouble: String? {
        let (look, trouble) = latest.withLock { $0 }
        return ContinuousClock.now - look > Self.longestLook + interval ? "it does not answer" : trouble
    }

    /// Watches the file until the task is cancelled, then returns.
    package func run() async {
        while !Task.isCancelled {
            let pause = await withCheckedContinuation { continuation in
                queue.async { continuation.resume(returning: self.lookOnce()) }
            }
            // Cancellation ends the sleep early; the loop then ends by its condition.
            try? await Task.sleep(for: pause)
        }
    }

    /// Looks at the file, reloads it if needed, and says how long to wait before the next look.
    private func lookOnce() -> Duration {
        defer { noteLook() }
        return watch.withLock { state in
            let look: AccessFileWatch.Look
            do throws(SystemCallError) {
                look = .found(try FileIdentity.of(path: path))
            } catch {
                look = .missing(error)
            }
            switch state.watch.observe(look) {
            case .nothing:
                break
            case .settle:
                return min(Self.settleInterval, interval)
            case .read:
                reload(&state)
            case .reportMissing(let error):
                state.trouble = "it cannot be read"
                logger.error(
                    "access file cannot be seen; the last rules stay in force", metadata: trouble(error.reason))
            }
            return interval
        }
    }

    private func noteLook() {
        let trouble = watch.withLock { $0.trouble }
        latest.withLock { $0 = (.now, trouble) }
    }

    private func reload(_ state: inout WatchState) {
        do throws(AccessFileError) {
            let contents = try AccessFileContents.read(path: path)
            let new = try AccessRules.parse(yaml: contents.text)
            let old = currentRules.withLock { rules in
                defer { rules = new }
                return rules
            }
            logReload(old: old, new: new, recovered: state.trouble != nil)
            state.trouble = nil
        } catch {
            state.trouble = error.line.map { "it has a mistake in line \($0)" } ?? "it cannot be read"
            var metadata = trouble(error.reason)
            if let line = error.line { metadata["line"] = "\(line)" }
            logger.error("access file is broken; the last rules stay in force", metadata: metadata)
        }
    }

    private func trouble(_ reason: String) -> Logger.Metadata {
        ["file": "\(path)", "reason": "\(reason)"]
    }

    private func logReload(old: AccessRules, new: AccessRules, recovered: Bool) {
        var metadata: Logger.Metadata = [
            "file": "\(path)", "users": "\(new.users.count)", "keys": "\(new.keyCount)",
        ]
        let added = new.users.filter { old.user(named: $0.name) == nil }
        let removed = old.users.filter { new.user(named: $0.name) == nil }
        if !added.isEmpty { metadata["added"] = "\(Self.list(added))" }
        if !removed.isEmpty { metadata["removed"] = "\(Self.list(removed))" }
        logger.info(recovered ? "access file is good again; reloaded" : "access file reloaded", metadata: metadata)
    }

    private static func list(_ users: [AccessUser]) -> String {
        let names = users.prefix(maximumListedNames).map(\.name).joined(separator: ", ")
        let more = users.count - maximumListedNames
        return more > 0 ? "\(names) and \(more) more" : names
    }
}
