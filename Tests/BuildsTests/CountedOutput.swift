import Builds
import Synchronization

/// Counts what a build wrote and watches this process's memory meanwhile.
final class CountedOutput: BuildOutput {
    private let state = Mutex((count: 0, writes: 0, mostResidentBytes: 0))

    var count: Int { state.withLock { $0.count } }
    var mostResidentBytes: Int { state.withLock { $0.mostResidentBytes } }

    func write(_ bytes: [UInt8]) async throws {
        state.withLock { state in
            state.count += bytes.count
            state.writes += 1
            // Now and then is enough: memory that grows stays grown.
            if state.writes % 64 == 1 {
                state.mostResidentBytes = max(state.mostResidentBytes, HostDirectory.residentBytes)
            }
        }
    }
}
