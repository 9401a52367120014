/// What is read of a quota (Kubernetes API reference, "ResourceQuota v1 core").
struct QuotaObject: Decodable, Sendable, Equatable {
    struct Spec: Decodable, Sendable, Equatable {
        var scopes: [String]?
        var scopeSelector: Scope?
    }

    /// Only that there is one matters.
    struct Scope: Decodable, Sendable, Equatable {}

    struct Status: Decodable, Sendable, Equatable {
        var hard: [String: String]?
        var used: [String: String]?
    }

    var metadata: ObjectHead
    var spec: Spec?
    var status: Status?

    /// What fills up and does not make room for a build that waits: a Job that is not created is not waiting.
    private static let jobs = "count/jobs.batch"

    /// What keeps builds out, in words; nil when one comes to its turn.
    ///
    /// A quota of pods, CPUs and the like that is full just now is load: the build's Job waits, and its pusher reads for
    /// what. Only one that has no room when nothing runs at all is no load.
    ///
    /// A quota with scopes counts some pods only, perhaps not ours: the cluster itself decides on it.
    func shortage(for demand: [String: Double]) -> String? {
        guard spec?.scopes?.isEmpty ?? true, spec?.scopeSelector == nil else { return nil }
        for (name, limit) in (status?.hard ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let need = demand[name], let hard = Quantity(limit)?.value else { continue }
            let used = name == Self.jobs ? status?.used?[name].flatMap(Quantity.init)?.value ?? 0 : 0
            // Decimal fractions are off by a hair: half of what is needed is no room either.
            guard hard - used < need / 2 else { continue }
            let text = (status?.used?[name] ?? "0").oneLine(32)
            return "\(name.oneLine(64)) \(text) of \(limit.oneLine(32)) used"
        }
        return nil
    }
}
