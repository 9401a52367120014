/// Why a pod template cannot be used.
struct PodTemplateProblem: Error, Equatable, CustomStringConvertible {
    /// The name of the file.
    let file: String
    /// Counted from 1; nil when the problem is the whole file.
    let line: Int?
    let reason: String

    var description: String { (line.map { "\(file), line \($0)" } ?? file) + ": \(reason)" }
}
