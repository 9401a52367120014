import StrictYAML

/// Why an access file cannot be used, and where.
package struct AccessFileError: Error, Equatable, CustomStringConvertible {
    /// Counted from 1; `nil` when the problem is the whole file.
    package let line: Int?

    /// Counted from 1; `nil` when it would not help.
    package let column: Int?

    /// One printable line that says what came and what was expected.
    package let reason: String

    init(line: Int?, column: Int? = nil, reason: String) {
        self.line = line
        self.column = column
        self.reason = reason
    }

    init(_ problem: YAMLProblem) {
        self.init(line: problem.line, column: problem.column, reason: problem.reason)
    }

    init(_ node: YAMLNode, _ reason: String) {
        self.init(line: node.line, column: node.column, reason: reason)
    }

    init(_ entry: YAMLEntry, _ reason: String) {
        self.init(line: entry.line, column: entry.column, reason: reason)
    }

    package var description: String {
        line.map { "line \($0): \(reason)" } ?? reason
    }
}
