/// The thread pool is stopped: the server is about to end.
package struct PoolStopped: Error, CustomStringConvertible {
    package init() {}

    package var description: String { "the thread pool is stopped; the server is about to end" }
}
