/// Why the health server is no longer there.
package enum HealthServerError: Error, CustomStringConvertible {
    case stopped(String)

    package var description: String {
        switch self {
        case .stopped(let reason): "the health server stopped accepting connections: \(reason)"
        }
    }
}
