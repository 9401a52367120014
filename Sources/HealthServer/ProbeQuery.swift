/// What a probe's query asks for, as kube-apiserver's does.
struct ProbeQuery: Sendable, Equatable {
    /// Most names that are left out at once; there are never as many checks.
    private static let maximumExcluded = 32

    /// Whether the checks are listed when all is well; they always are when one fails.
    let isVerbose: Bool
    /// Checks that are left out, in their order, each once.
    let excluded: [String]

    /// Reads the query.
    ///
    /// - Parameter target: What was asked for.
    init(_ target: RequestTarget) {
        isVerbose = target.query.contains { $0.name == "verbose" }
        var names: [String] = []
        for item in target.query where item.name == "exclude" && !names.contains(item.value) {
            guard names.count < Self.maximumExcluded else { break }
            names.append(item.value)
        }
        excluded = names
    }
}
