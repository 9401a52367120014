import Glibc

/// The last words of a process in trouble: no logger, no lock, no wait.
package enum EmergencyLine {
    /// What a pipe takes whole, or not at all (PIPE_BUF, pipe(7)).
    private static let maximumLength = 4_096
    /// How long standard error may be full, in milliseconds.
    private static let patience: Int32 = 200

    /// Writes one line to standard error, or gives up: a pipe that nobody reads must not keep the process from ending.
    package static func write(_ text: String) { write(text, to: STDERR_FILENO) }

    /// Writes one line to a descriptor.
    ///
    /// - Returns: Whether it was written.
    @discardableResult
    static func write(_ text: String, to descriptor: Int32) -> Bool {
        var line = Array(OneLine.of(text, maximumLength: maximumLength - 1).utf8)
        line.append(UInt8(ascii: "\n"))
        var wish = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        // A pipe that is ready has room for PIPE_BUF bytes, so that the write cannot block.
        guard unsafe poll(&wish, 1, patience) == 1, wish.revents & Int16(POLLOUT) != 0 else { return false }
        return unsafe Glibc.write(descriptor, line, line.count) == line.count
    }
}
