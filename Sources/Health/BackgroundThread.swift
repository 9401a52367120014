import Glibc

/// A POSIX thread for loops that block, or that must go on when Swift's pool does not.
enum BackgroundThread {
    /// Glibc's least is 16 KiB; what runs here, logging included, needs little more.
    private static let stackSize = 256 * 1_024
    /// How long to wait when the system has no thread to give.
    private static let retryPause = Duration.seconds(1)

    private final class Body: Sendable {
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }

        func perform() {
            takeName()
            run()
        }

        /// Names the calling thread.
        ///
        /// By its file, because glibc's function is an extension that Swift does not see.
        private func takeName() {
            let file = unsafe open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
            guard file >= 0 else { return }
            let bytes = Array(name.utf8)
            _ = unsafe write(file, bytes, bytes.count)
            close(file)
        }
    }

    /// Starts a thread, which is on its own from then on.
    ///
    /// - Parameters:
    ///   - name: What `top -H` and a debugger show; at most 15 bytes (proc(5), comm).
    ///   - body: What it does; it ends when this returns.
    /// - Throws: ``ThreadUnavailable``.
    static func start(name: String, body: @escaping @Sendable () -> Void) throws(ThreadUnavailable) {
        let code = create(Body(name: String(name.prefix(15)), run: body))
        guard code == 0 else { throw ThreadUnavailable(name: name, code: code) }
    }

    /// - Returns: 0 or an `errno`.
    private static func create(_ body: Body) -> Int32 {
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        defer { unsafe pthread_attr_destroy(&attributes) }
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        unsafe pthread_attr_setstacksize(&attributes, stackSize)
        let boxed = unsafe Unmanaged.passRetained(body)
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread, &attributes,
            { raw in
                guard let raw = unsafe raw else { return nil }
                let body = unsafe Unmanaged<Body>.fromOpaque(raw).takeRetainedValue()
                body.perform()
                return nil
            }, boxed.toOpaque())
        if code != 0 { unsafe boxed.release() }
        return code
    }

    /// Runs a loop on a thread of its own until the task is cancelled.
    ///
    /// Returns at once then; the thread ends as soon as `body` sees the signal. One that hangs is left behind, alone.
    static func runUntilCancelled(name: String, body: @escaping @Sendable (StopSignal) -> Void) async {
        let signal = StopSignal()
        while !Task.isCancelled {
            do {
                try start(name: name) { body(signal) }
                break
            } catch {
                // What the loop should keep up to date grows old meanwhile, which its readers are told.
                try? await Task.sleep(for: retryPause)
            }
        }
        await Once<Void>().value(whenCancelled: ())
        signal.stop()
    }
}
