/// What following a log tells.
package enum LogEvent: Sendable, Equatable {
    /// What the container wrote, standard output and error as they came; any bytes, cut anywhere, never empty.
    case bytes([UInt8])
    /// The log cannot be read just now; it goes on behind ``resumed`` with nothing lost or repeated. Told once for each
    /// outage that does not end with the first new attempt.
    case interrupted(KubernetesError)
    case resumed
    /// Here, some of the log may be missing, in words: the node has rotated or removed it meanwhile.
    case incomplete(String)

    package static func == (left: LogEvent, right: LogEvent) -> Bool {
        switch (left, right) {
        case (.bytes(let left), .bytes(let right)): left == right
        case (.interrupted(let left), .interrupted(let right)): left.kind == right.kind
        case (.resumed, .resumed): true
        case (.incomplete(let left), .incomplete(let right)): left == right
        default: false
        }
    }
}
