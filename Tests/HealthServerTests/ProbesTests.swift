import Health
import Testing

@testable import HealthServer

@Suite struct ProbesTests {
    @Test("readiness follows the circuit, a start once made stays made, liveness looks at neither")
    func followsCircuit() {
        let circuit = Circuit()
        let probes = Probes(circuit: circuit)
        #expect(healthy(probes) == [.livez: true, .readyz: false, .startupz: false])
        circuit.close()
        #expect(healthy(probes) == [.livez: true, .readyz: true, .startupz: true])
        circuit.open()
        #expect(healthy(probes) == [.livez: true, .readyz: false, .startupz: true])
    }

    private func healthy(_ probes: Probes) -> [Probe: Bool] {
        Dictionary(uniqueKeysWithValues: Probe.allCases.map { ($0, probes.answer(to: $0, verbose: false).isHealthy) })
    }

    @Test("the text is kube-apiserver's: ok, or a line for each check")
    func text() {
        let circuit = Circuit()
        let probes = Probes(circuit: circuit)
        #expect(
            probes.answer(to: .readyz, verbose: false).body
                == "[-]ssh failed: not accepting connections\nreadyz check failed\n")
        circuit.close()
        #expect(probes.answer(to: .readyz, verbose: false).body == "ok")
        #expect(probes.answer(to: .readyz, verbose: true).body == "[+]ssh ok\nreadyz check passed\n")
    }
}
