import CLibSSH
import Glibc
import Synchronization

/// One connection's thread: polls libssh and runs the connection actor's jobs, one after the other.
///
/// It is the ``Connection``'s serial executor. libssh calls back while it polls, on this same thread, so the actor's state
/// can be touched from there with `assumeIsolated`. The poll has no time-out: an idle connection costs no CPU, an eventfd
/// wakes the thread when a job arrives.
///
/// The thread lives exactly as long as the actor (which calls ``stop()`` when it goes), so a job always finds its thread.
@safe final class ConnectionLoop: SerialExecutor {
    /// Crypto and libssh's packet handling stay well below this; the rest is never touched and costs nothing.
    private static let stackSize = 512 * 1024

    private struct Queue {
        var jobs: [UnownedJob] = []
        var stopped = false
    }

    private let queue = Mutex(Queue())
    private let wakeDescriptor: Int32
    private let thread = Mutex<pthread_t?>(nil)
    /// Touched only by the loop's thread, and by `deinit`.
    nonisolated(unsafe) let event: ssh_event

    /// Makes a loop; ``start(afterPoll:)`` starts its thread.
    ///
    /// - Returns: `nil` when descriptors or memory have run out.
    init?() {
        let descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard descriptor >= 0 else { return nil }
        guard let event = unsafe ssh_event_new() else {
            close(descriptor)
            return nil
        }
        wakeDescriptor = descriptor
        unsafe self.event = event
        let drain: ssh_event_callback = { descriptor, _, _ in
            var count: UInt64 = 0
            _ = unsafe read(descriptor, &count, MemoryLayout<UInt64>.size)
            return 0
        }
        guard unsafe ssh_event_add_fd(event, descriptor, Int16(POLLIN), drain, nil) == SSH_OK else { return nil }
    }

    deinit {
        _ = unsafe ssh_event_remove_fd(event, wakeDescriptor)
        unsafe ssh_event_free(event)
        close(wakeDescriptor)
    }

    /// Starts the thread.
    ///
    /// - Parameter afterPoll: Called on the thread after each poll.
    /// - Returns: `false` when the system gives no more threads.
    func start(afterPoll: @escaping @Sendable () -> Void) -> Bool {
        Thread.start(name: "ssh-connection", stackSize: Self.stackSize) { [self] in run(afterPoll: afterPoll) }
    }

    private func run(afterPoll: () -> Void) {
        thread.withLock { $0 = pthread_self() }
        while true {
            while let jobs = takeJobs() {
                for job in jobs { unsafe job.runSynchronously(on: asUnownedSerialExecutor()) }
                afterPoll()
            }
            if queue.withLock({ $0.stopped }) { return }
            // An error here is the peer's end of file or a broken session; the connection asks for its status itself.
            _ = unsafe ssh_event_dopoll(event, -1)
            afterPoll()
        }
    }

    private func takeJobs() -> [UnownedJob]? {
        queue.withLock { queue in
            guard !queue.jobs.isEmpty else { return nil }
            defer { queue.jobs.removeAll() }
            return queue.jobs
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let first = queue.withLock { queue in
            queue.jobs.append(job)
            return queue.jobs.count == 1
        }
        if first { wake() }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { unsafe UnownedSerialExecutor(ordinary: self) }

    func checkIsolated() {
        precondition(isCurrentThread, "a connection's state was touched off its thread")
    }

    func isIsolatingCurrentContext() -> Bool? { isCurrentThread }

    private var isCurrentThread: Bool {
        thread.withLock { thread in thread.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
    }

    /// Ends the thread once it has run what is queued.
    func stop() {
        queue.withLock { $0.stopped = true }
        wake()
    }

    private func wake() {
        var one: UInt64 = 1
        _ = unsafe write(wakeDescriptor, &one, MemoryLayout<UInt64>.size)
    }
}
