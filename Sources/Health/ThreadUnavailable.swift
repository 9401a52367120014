/// The system gave no thread.
package struct ThreadUnavailable: Error, Equatable, CustomStringConvertible {
    let name: String
    let code: Int32

    package var description: String {
        "the thread \"\(name)\" could not be started: \(SystemWords.of(code));"
            + " raise the limit of threads (ulimit -u, pids.max)"
    }
}
