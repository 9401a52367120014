import Drills
import Health
import ObjectStorage
import Settings

/// Faults that were asked for, where they strike.
extension Settings {
    /// What happens to a target on purpose.
    private func effect(on target: SimulatedFault.Target) -> FaultEffect? {
        switch simulate.first(where: { $0.target == target })?.effect {
        case nil: nil
        case .down: .down
        case .slow(let time): .slow(time)
        case .flaky(let share): .flaky(share)
        }
    }

    /// The store that pushes and its check use.
    func withFaults(_ store: any ObjectStore) -> any ObjectStore {
        effect(on: .storage).map { FaultyObjectStore(store, effect: $0) } ?? store
    }

    /// A check that fails on purpose, if it is to.
    func withFaults(_ check: any HealthCheck) -> any HealthCheck {
        guard let target = SimulatedFault.Target(rawValue: check.name), let effect = effect(on: target) else {
            return check
        }
        let text = simulate.filter { $0.target == target }.map { "\($0.effect)" }.joined()
        // The store itself fails, so its check does by itself.
        return FaultyCheck(check, effect: target == .storage ? nil : effect, text: text)
    }

    /// What befalls the process itself.
    var blows: [DrillService.Blow] {
        simulate.compactMap { fault in
            switch fault.target {
            case .pool: .blockPool
            case .service: .end
            case .storage, .executor, .kubernetes, .repositories, .access: nil
            }
        }
    }
}
