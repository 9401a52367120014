import Synchronization

@testable import HealthServer

/// A status that a test sets.
final class TestStatus: StatusSource {
    private let current = Mutex(SampleReport.allGood)

    var value: StatusReport {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }

    func report() -> StatusReport { value }
}
