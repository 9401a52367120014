import Testing

@testable import Health

/// The truth table: every combination of what the probes look at, against what each is to say.
@Suite struct ReadinessTests {
    enum CircuitIs: CaseIterable { case notClosedYet, closed, openedAgain }
    enum DialIs: CaseIterable { case notListening, notDialled, ok, refusedOnce, refused, silent, garbage, stale }
    enum DrainIs: String, CaseIterable {
        case none
        case accepting = "draining: still accepting connections for 3 s"
        case waiting = "draining: no new connections; 2 pushes finish, for at most 41 s"
    }
    enum SlotsAre: CaseIterable { case free, taken, loginsTaken, bothTaken, withoutDescriptors }
    enum StallIs: CaseIterable { case nothing, acceptor, supervisor, watchdog, other }

    struct Case {
        let circuit: CircuitIs
        let dial: DialIs
        let slots: SlotsAre
        let drain: DrainIs
        let workspaceBad: Bool
        let stall: StallIs

        var inputs: ReadinessInputs {
            ReadinessInputs(
                circuitIsClosed: circuit == .closed, circuitHasBeenClosed: circuit != .notClosedYet, dial: reading,
                slots: slotsReading,
                workspaceProblem: workspaceBad ? "the workspace is read-only" : nil,
                drain: drain == .none ? nil : drain.rawValue, stalls: stalls)
        }

        private var slotsReading: SlotsReading {
            let isFull = slots == .taken || slots == .bothTaken
            let loginsAreFull = slots == .loginsTaken || slots == .bothTaken
            return SlotsReading(
                count: isFull ? 64 : 3, limit: 64, isFull: isFull,
                loginPlaces: LoginPlacesReading(count: loginsAreFull ? 10 : 1, limit: 10, isFull: loginsAreFull),
                lacksDescriptors: slots == .withoutDescriptors)
        }

        private var slotsProblem: String? {
            switch slots {
            case .free: nil
            case .taken, .bothTaken: "all 64 connections are taken; ready again at 51"
            case .loginsTaken: "login places 10 of 10 taken by clients that have not logged in; ready again at 8"
            case .withoutDescriptors: "this builder is out of file descriptors"
            }
        }

        private var reading: DialReading {
            let refused = DialResult.refused(reason: "connection refused")
            return switch dial {
            case .notListening: DialReading(isListening: false, last: nil, age: nil, hasAnswered: false)
            case .notDialled: DialReading(last: nil, age: nil, hasAnswered: false)
            case .ok: DialReading(last: .ok(latency: .milliseconds(3)), age: .seconds(14))
            case .refusedOnce: DialReading(last: refused, age: .zero, failuresInARow: 1)
            case .refused: DialReading(last: refused, age: .zero, failuresInARow: 2)
            case .silent: DialReading(last: .silent(limit: .seconds(2)), age: .zero, failuresInARow: 9)
            case .garbage: DialReading(last: .garbage, age: .zero, failuresInARow: 1, hasAnswered: false)
            case .stale: DialReading(last: .ok(latency: .milliseconds(3)), age: .seconds(20))
            }
        }

        private var stalls: [Stall] {
            switch stall {
            case .nothing: []
            case .acceptor: [Stall(name: "acceptor", seconds: 7)]
            case .supervisor: [Stall(name: "supervisor", seconds: 8)]
            case .watchdog: [Stall(name: "watchdog", seconds: 9)]
            case .other: [Stall(name: "ticker", seconds: 10)]
            }
        }

        var dialProblem: String? {
            switch dial {
            case .notListening: "the SSH server is not listening"
            case .notDialled: "the SSH port has not been dialled yet"
            case .ok, .refusedOnce: nil
            case .refused: "the SSH port cannot be reached: connection refused"
            case .silent: "the SSH port takes connections but does not answer within 2 s"
            case .garbage: "what answers at the SSH port is not an SSH server"
            case .stale: "not dialled for 20 s, which is to happen every 5 s"
            }
        }

        var circuitProblem: String? {
            switch (circuit, drain) {
            case (.closed, _): nil
            case (_, .accepting), (_, .waiting): "draining"
            case (.notClosedYet, .none): "the SSH server does not accept connections yet"
            case (.openedAgain, .none): "the SSH server has stopped accepting connections"
            }
        }

        var acceptorProblem: String? {
            stall == .acceptor ? "the loop that accepts connections has stood still for 7 s" : nil
        }

        var livez: [ProbeCheck] {
            let usual = [
                ProbeCheck(
                    name: "supervisor",
                    problem: stall == .supervisor ? "all worker threads are blocked: nothing has run for 8 s" : nil),
                ProbeCheck(name: "acceptor", problem: acceptorProblem),
                ProbeCheck(
                    name: "watchdog",
                    problem: stall == .watchdog ? "the watchdog thread has not looked for 9 s" : nil),
            ]
            return usual + (stall == .other ? [ProbeCheck(name: "ticker", problem: "it has stood still for 10 s")] : [])
        }

        var readyz: [ProbeCheck] {
            [
                ProbeCheck(name: "circuit", problem: circuitProblem),
                ProbeCheck(name: "ssh", problem: dialProblem),
            ] + livez + [
                ProbeCheck(name: "slots", problem: slotsProblem),
                ProbeCheck(name: "workspace", problem: workspaceBad ? "the workspace is read-only" : nil),
                ProbeCheck(name: "drain", problem: drain == .none ? nil : drain.rawValue),
            ]
        }

        var startupz: [ProbeCheck] {
            [
                ProbeCheck(name: "configuration"), ProbeCheck(name: "host-keys"), ProbeCheck(name: "workspace"),
                ProbeCheck(
                    name: "ssh", problem: circuit == .notClosedYet ? "the SSH server is not listening yet" : nil),
            ]
        }
    }

    static var all: [Case] {
        var all: [Case] = []
        for circuit in CircuitIs.allCases {
            for dial in DialIs.allCases {
                for drain in DrainIs.allCases {
                    for stall in StallIs.allCases {
                        for slots in SlotsAre.allCases {
                            for workspaceBad in [false, true] {
                                all.append(
                                    Case(
                                        circuit: circuit, dial: dial, slots: slots, drain: drain,
                                        workspaceBad: workspaceBad, stall: stall))
                            }
                        }
                    }
                }
            }
        }
        return all
    }

    @Test("each of 3,600 combinations gets the answers that it should")
    func table() {
        let all = Self.all
        #expect(all.count == 3_600)
        for one in all {
            let inputs = one.inputs
            guard Readiness.livez(inputs) == one.livez, Readiness.readyz(inputs) == one.readyz,
                Readiness.startupz(inputs) == one.startupz,
                Readiness.ssh(inputs) == ProbeCheck(name: "ssh", problem: one.circuitProblem ?? one.dialProblem)
            else {
                Issue.record("\(one): \(Readiness.livez(inputs)) \(Readiness.readyz(inputs))")
                return
            }
        }
    }

    @Test("load, drain, disk and the port never make a server look dead")
    func liveness() {
        for one in Self.all where one.stall == .nothing {
            #expect(Readiness.livez(one.inputs).failing.isEmpty)
        }
    }

    @Test("exactly one combination in its sort is ready: all as it should be")
    func ready() {
        let ready = Self.all.filter { Readiness.readyz($0.inputs).failing.isEmpty }
        for one in ready {
            #expect(one.circuit == .closed && [.ok, .refusedOnce].contains(one.dial) && one.drain == .none)
            #expect(one.slots == .free && !one.workspaceBad && one.stall == .nothing)
        }
        #expect(ready.count == 2)
    }

    @Test("every problem is one line in plain English, without names of the code")
    func words() {
        for one in Self.all {
            for check in Readiness.readyz(one.inputs) + Readiness.livez(one.inputs) + Readiness.startupz(one.inputs) {
                guard let problem = check.problem else { continue }
                #expect(problem.utf8.count <= 120 && !problem.hasSuffix("."))
                let isPlain = problem.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value < 127 }
                #expect(isPlain)
            }
        }
    }
}
