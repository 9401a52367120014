import Glibc
import Synchronization

/// A program that runs beside the test, in a session of its own, with its output in files.
///
/// Files and not pipes: nothing has to be drained while it runs. Killed with its whole group when this object goes.
final class ChildProcess: Sendable {
    /// How a process ended.
    enum Ending: Equatable, Sendable {
        case exited(Int32)
        case signalled(Int32)
    }

    /// What the program reads.
    enum Input: Sendable {
        case none
        case file(String)
        /// A pipe that ``send(_:)`` and ``closeInput()`` work on.
        case pipe
    }

    private struct State {
        var ending: Ending?
        var input: Int32?
    }

    let id: pid_t
    private let state: Mutex<State>

    /// `POSIX_SPAWN_SETSID` of spawn.h, which Swift does not see.
    private static let newSession: Int32 = 0x80

    /// Starts a program, with standard output in the file `output` and standard error in `errors`, or with it.
    init(
        _ program: String, _ arguments: [String], environment: [String: String], directory: String? = nil,
        input: Input = .none, output: String, errors: String? = nil
    ) throws {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        var pipe: (path: String, keeper: Int32)?
        switch input {
        case .none: unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        case .file(let path): unsafe posix_spawn_file_actions_addopen(&actions, 0, path, O_RDONLY, 0)
        case .pipe:
            let made = try Self.makePipe(output + ".pipe")
            unsafe posix_spawn_file_actions_addopen(&actions, 0, made.path, O_RDONLY, 0)
            pipe = made
        }
        defer { if let pipe { close(pipe.keeper) } }
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND
        unsafe posix_spawn_file_actions_addopen(&actions, 1, output, flags, 0o644)
        if let errors {
            unsafe posix_spawn_file_actions_addopen(&actions, 2, errors, flags, 0o644)
        } else {
            unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        }
        // env goes there and then becomes the program, under the same number.
        let words = directory.map { ["/usr/bin/env", "-C", $0, program] } ?? [program]
        id = unsafe try Self.spawn(words + arguments, environment, &actions)
        let descriptor = pipe.map { unsafe open($0.path, O_WRONLY | O_CLOEXEC) }
        state = Mutex(State(input: descriptor))
    }

    /// Makes a pipe with a name: its ends can be opened so that no other child ever inherits them.
    ///
    /// - Returns: Its path, and a descriptor that keeps it open until both ends are.
    private static func makePipe(_ path: String) throws -> (path: String, keeper: Int32) {
        guard unsafe mkfifo(path, 0o600) == 0 else { throw Failed("mkfifo \(path): error \(errno)") }
        let keeper = unsafe open(path, O_RDWR | O_CLOEXEC)
        guard keeper >= 0 else { throw Failed("\(path): error \(errno)") }
        return (path, keeper)
    }

    deinit {
        closeInput()
        signalGroup(SIGKILL)
        waitBlocking()
    }

    private static func spawn(
        _ arguments: [String], _ environment: [String: String], _ actions: inout posix_spawn_file_actions_t
    ) throws -> pid_t {
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // Signals as a shell would leave them, whatever the test runner ignores or blocks.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        unsafe sigfillset(&signals)
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        let flags = newSession | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))

        var words = unsafe arguments.map { unsafe strdup($0) } + [nil]
        var variables = unsafe environment.map { unsafe strdup("\($0)=\($1)") } + [nil]
        defer { unsafe (words + variables).forEach { unsafe free($0) } }
        var id: pid_t = 0
        let code = unsafe posix_spawn(&id, arguments[0], &actions, &attributes, &words, &variables)
        guard code == 0 else { throw Failed("\(arguments[0]) cannot be started: error \(code)") }
        return id
    }

    // MARK: Input

    /// Writes to the input pipe; blocks while the pipe is full.
    ///
    /// - Throws: ``Failed`` when the program does not read any more.
    func send(_ bytes: [UInt8]) throws {
        guard let descriptor = state.withLock({ $0.input }) else { throw Failed("the input is closed") }
        // A program that hung up must be an error here, not the end of the tests.
        _ = Glibc.signal(SIGPIPE, SIG_IGN)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { throw Failed("the program does not read: error \(errno)") }
            rest = rest.dropFirst(max(0, count))
        }
    }

    /// Tells the program that there is no more input.
    func closeInput() {
        let descriptor = state.withLock { state in
            defer { state.input = nil }
            return state.input
        }
        if let descriptor { close(descriptor) }
    }

    // MARK: Ending

    /// How the process ended; `nil` while it runs.
    var ending: Ending? { state.withLock { reap(&$0, WNOHANG) } }

    /// Sends a signal to the process alone.
    @discardableResult
    func signal(_ number: Int32) -> Bool {
        // Under the lock: once reaped, the number may be somebody else's.
        state.withLock { state in reap(&state, WNOHANG) == nil && kill(id, number) == 0 }
    }

    /// Sends a signal to the process and all in its group.
    @discardableResult
    func signalGroup(_ number: Int32) -> Bool {
        state.withLock { state in reap(&state, WNOHANG) == nil && kill(-id, number) == 0 }
    }

    /// Waits for the end.
    ///
    /// - Throws: ``Overdue`` if the process still runs after `limit`.
    func wait(within limit: Duration = .seconds(60)) async throws -> Ending {
        try await eventually("the end of process \(id)", within: limit) { ending }
    }

    /// Waits for the end without giving the thread away.
    func waitBlocking() {
        state.withLock { state in _ = reap(&state, 0) }
    }

    private func reap(_ state: inout State, _ options: Int32) -> Ending? {
        if state.ending == nil {
            var status: Int32 = 0
            guard unsafe waitpid(id, &status, options) == id else { return nil }
            let number = status & 0x7F
            state.ending = number == 0 ? .exited((status >> 8) & 0xFF) : .signalled(number)
        }
        return state.ending
    }
}
