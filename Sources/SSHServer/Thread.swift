import CLibSSH
import Glibc

/// A detached POSIX thread, for the blocking loops that must not sit on Swift's pool.
enum Thread {
    private final class Body {
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    /// Starts a thread.
    ///
    /// - Parameters:
    ///   - name: What `top -H` and a debugger show; at most 15 bytes (pthread_setname_np(3)).
    ///   - stackSize: In bytes.
    ///   - body: What the thread does; the thread ends when it returns.
    /// - Returns: `false` when the system gives no more threads.
    static func start(name: String, stackSize: Int, body: @escaping @Sendable () -> Void) -> Bool {
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        defer { unsafe pthread_attr_destroy(&attributes) }
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        unsafe pthread_attr_setstacksize(&attributes, stackSize)
        let boxed = unsafe Unmanaged.passRetained(Body(name: String(name.prefix(15)), run: body))
        var thread = pthread_t()
        let result = unsafe pthread_create(
            &thread, &attributes,
            { raw in
                guard let raw = unsafe raw else { return nil }
                let body = unsafe Unmanaged<Body>.fromOpaque(raw).takeRetainedValue()
                // By the thread itself: whoever started it may see it gone already.
                _ = unsafe pthread_setname_np(pthread_self(), body.name)
                body.run()
                return nil
            }, boxed.toOpaque())
        guard result == 0 else {
            unsafe boxed.release()
            return false
        }
        return true
    }
}
