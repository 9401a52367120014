/// A fault on purpose: `storage=slow:3s`.
package struct SimulatedFault: Sendable, Equatable, CustomStringConvertible {
    /// What can be made to fail.
    package enum Target: String, Sendable, CaseIterable {
        /// The object store: its check, and what pushes do with it.
        case storage
        /// What runs builds on this machine: its check.
        case executor
        /// What runs builds in a cluster: its check.
        case kubernetes
        /// The disk of the repositories: its check.
        case repositories
        /// The access list: its check, and what a refused key is told.
        case access
        /// Swift's threads: all of them stand still, so that the watchdog ends the process. Only `down`.
        case pool
        /// A service ends by itself, so that the supervisor ends the process. Only `down`.
        case service
    }

    /// How it fails.
    package enum Effect: Sendable, Equatable {
        case down
        /// Every operation takes this much longer.
        case slow(Duration)
        /// This part of all operations fails, at random: 0 to 1.
        case flaky(Double)
    }

    package let target: Target
    package let effect: Effect

    /// Reads `TARGET=EFFECT`.
    ///
    /// - Returns: `nil` when it is not one of those that ``expected`` tells.
    init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let target = Target(rawValue: parts[0]), let effect = Effect(parts[1]) else {
            return nil
        }
        guard effect == .down || (target != .pool && target != .service) else { return nil }
        self.target = target
        self.effect = effect
    }

    /// Completes "expected …".
    static let expected =
        "TARGET=down, TARGET=slow:3s or TARGET=flaky:0.3 with one of "
        + Target.allCases.map(\.rawValue).joined(separator: ", ") + " (the last two only =down)"

    package var description: String { "\(target.rawValue)=\(effect)" }
}

extension SimulatedFault.Effect: CustomStringConvertible {
    init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        switch (parts[0], parts.count) {
        case ("down", 1):
            self = .down
        case ("slow", 2):
            guard let time = DurationText.parse(parts[1]), time > .zero, time <= SettingsTable.longest else {
                return nil
            }
            self = .slow(time)
        case ("flaky", 2):
            guard parts[1].utf8.allSatisfy({ $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }),
                let share = Double(parts[1]), (0...1).contains(share)
            else { return nil }
            self = .flaky(share)
        default:
            return nil
        }
    }

    package var description: String {
        switch self {
        case .down: "down"
        case .slow(let time): "slow:\(DurationText.format(time))"
        case .flaky(let share): "flaky:\(share)"
        }
    }
}

extension SettingKind where Value == [SimulatedFault] {
    /// Faults on purpose, one for each target at most.
    static var faults: SettingKind {
        SettingKind(placeholder: "FAULTS", expected: SimulatedFault.expected, isList: true) {
            (texts: [String]) throws(RejectedValue) in
            var faults: [SimulatedFault] = []
            for text in texts where !text.isEmpty {
                guard let fault = SimulatedFault(text) else { throw RejectedValue(found: text) }
                guard !faults.contains(where: { $0.target == fault.target }) else {
                    throw RejectedValue(found: text, hint: "\(fault.target.rawValue) is there twice")
                }
                faults.append(fault)
            }
            return faults
        }
    }
}
