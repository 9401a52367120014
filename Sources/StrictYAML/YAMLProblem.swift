/// Why a text is no YAML that is accepted here, and where.
package struct YAMLProblem: Error, Equatable, CustomStringConvertible {
    /// Counted from 1; `nil` when the problem is the whole text.
    package let line: Int?

    /// Counted from 1 in Unicode scalars.
    package let column: Int?

    /// One printable line.
    package let reason: String

    package init(line: Int?, column: Int?, reason: String) {
        self.line = line
        self.column = column
        self.reason = reason
    }

    package var description: String {
        line.map { "line \($0): \(reason)" } ?? reason
    }
}
