import Dispatch
import Glibc
import Synchronization

/// A thread outside Swift's pool that looks whether what must not stop has stopped, and in the end ends the process.
///
/// Once a second it looks whether each ``Heartbeat`` moved. One that stands still for 5 looks fails `/livez`; one that
/// does so for 30 s ends the process, because only a restart mends it and Kubernetes may not be there to do it.
package final class Watchdog: Sendable {
    /// The name of its own line in `/livez`.
    package static let name = "watchdog"
    /// Looks without a beat until ``stalled`` names it: long enough for a busy machine.
    static let looksUntilStalled = 5
    /// How long the last words may take.
    private static let announcementLimit = DispatchTimeInterval.seconds(1)

    /// Ends the process by SIGABRT, past any crash reporter: the cause is told already, and a restart shall not wait.
    package static func abortAtOnce() {
        signal(SIGABRT, SIG_DFL)
        abort()
    }

    private struct State {
        var counter: StandstillCounter
        var signal: StopSignal?
        var looks: UInt64 = 0
        var lastLook = ContinuousClock.now
        /// The look after which a reader first found none, and when it did.
        var suspicion: (look: UInt64, since: ContinuousClock.Instant)?
    }

    private let heartbeats: [Heartbeat]
    private let tick: Duration
    private let crashAfter: Duration
    private let announce: @Sendable (String) -> Void
    private let crash: @Sendable () -> Void
    private let state: Mutex<State>

    /// Makes a watchdog that sleeps.
    ///
    /// - Parameters:
    ///   - heartbeats: What to watch; each from its first beat on until it retires.
    ///   - tick: The time between two looks.
    ///   - crashAfter: How long a standstill may last, in time that the process was running.
    ///   - announce: Gets the cause, one line, before the process ends; has 1 s for it.
    ///   - crash: Ends the process.
    package init(
        heartbeats: [Heartbeat], tick: Duration = .seconds(1), crashAfter: Duration = .seconds(30),
        announce: @escaping @Sendable (String) -> Void = { EmergencyLine.write($0) },
        crash: @escaping @Sendable () -> Void = Watchdog.abortAtOnce
    ) {
        self.heartbeats = heartbeats
        self.tick = tick
        self.crashAfter = crashAfter
        self.announce = announce
        self.crash = crash
        state = Mutex(State(counter: StandstillCounter(count: heartbeats.count)))
    }

    /// Starts looking; does nothing when it does so already.
    ///
    /// - Throws: ``ThreadUnavailable``.
    package func start() throws(ThreadUnavailable) {
        let signal = StopSignal()
        let isFirst = state.withLock { state in
            guard state.signal == nil else { return false }
            state.signal = signal
            state.lastLook = .now
            state.suspicion = nil
            return true
        }
        guard isFirst else { return }
        do {
            try BackgroundThread.start(name: "watchdog") { [self] in watch(until: signal) }
        } catch {
            state.withLock { $0.signal = nil }
            throw error
        }
    }

    /// Stops looking; nothing counts as stalled from then on.
    package func stop() {
        let signal = state.withLock { state in
            let signal = state.signal
            state.signal = nil
            state.counter = StandstillCounter(count: heartbeats.count)
            return signal
        }
        signal?.stop()
    }

    /// What stands still.
    ///
    /// Memory only.
    package var stalled: [Stall] { stalled(at: .now) }

    func stalled(at now: ContinuousClock.Instant) -> [Stall] {
        state.withLock { state in
            var stalls: [Stall] = []
            for (heartbeat, looks) in zip(heartbeats, state.counter.looks) where looks >= Self.looksUntilStalled {
                stalls.append(Stall(name: heartbeat.name, seconds: seconds(looks)))
            }
            if let own = ownStall(&state, at: now) { stalls.append(own) }
            return stalls
        }
    }

    /// Whether the watchdog itself stopped.
    ///
    /// A long time without a look is not enough: after SIGSTOP a reader may come first. It must last while they look.
    private func ownStall(_ state: inout State, at now: ContinuousClock.Instant) -> Stall? {
        let gap = now - state.lastLook
        guard state.signal != nil, gap > tick * Self.looksUntilStalled else { return nil }
        guard let suspicion = state.suspicion, suspicion.look == state.looks else {
            state.suspicion = (state.looks, now)
            return nil
        }
        return now - suspicion.since >= tick * 2 ? Stall(name: Self.name, seconds: Int(gap / .seconds(1))) : nil
    }

    private func seconds(_ looks: Int) -> Int { Int(tick * looks / .seconds(1)) }

    private func watch(until signal: StopSignal) {
        while !signal.wait(for: tick) {
            let dead = look()
            if !dead.isEmpty { return end(dead) }
        }
    }

    /// Looks once.
    ///
    /// - Returns: What has stood still for too long.
    func look() -> [Stall] {
        let counts = heartbeats.map { $0.count == 0 || $0.isRetired ? nil : $0.count }
        return state.withLock { state in
            state.counter.look(counts)
            state.looks += 1
            state.lastLook = .now
            return zip(heartbeats, state.counter.looks).filter { tick * $0.1 >= crashAfter }
                .map { Stall(name: $0.0.name, seconds: seconds($0.1)) }
        }
    }

    private func end(_ dead: [Stall]) {
        let causes = dead.map { "heartbeat \"\($0.name)\" has stood still for \($0.seconds) s" }
        let text =
            "watchdog: \(causes.joined(separator: ", ")); only a restart mends that, so the process ends itself now"
        let announced = DispatchSemaphore(value: 0)
        // On a thread of its own, because whatever blocks the process may block this too.
        let isUnderWay =
            (try? BackgroundThread.start(name: "last-words") { [announce] in
                announce(text)
                announced.signal()
            }) != nil
        if isUnderWay { _ = announced.wait(timeout: .now() + Self.announcementLimit) }
        crash()
    }
}
