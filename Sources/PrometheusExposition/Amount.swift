/// A number that integers are added to without rounding.
struct Amount: Sendable, Equatable {
    private var whole: Int64
    private var rest: Double = 0

    /// Starts with an integer.
    init(_ value: Int64 = 0) { whole = value }

    /// Starts with any number.
    init(_ value: Double) {
        self.init()
        add(value)
    }

    /// Nearest to the exact value.
    var double: Double { Double(whole) + rest }

    /// Exact while only integers were added.
    var text: String { rest == 0 ? String(whole) : NumberText.text(double) }

    mutating func add(_ value: Int64) {
        let (sum, overflow) = whole.addingReportingOverflow(value)
        if overflow { rest += Double(value) } else { whole = sum }
    }

    mutating func add(_ value: Double) {
        if let integer = Int64(exactly: value) { add(integer) } else { rest += value }
    }
}
