import Testing

@testable import Builds

@Suite struct BuildEndingTests {
    @Test(
        "every ending has an outcome and words",
        arguments: [
            (.exited(0), .succeeded, 0, "make succeeded"),
            (.exited(1), .failed, 1, "exit code 1"),
            (.exited(126), .failed, 126, "is it executable"),
            (.exited(127), .failed, 127, "a command was not found"),
            (.exited(137), .signalled, nil, "was killed by signal 9 (SIGKILL)"),
            (.exited(153), .signalled, nil, "no file may grow over 4294967296 bytes"),
            (.exited(200), .failed, 200, "exit code 200"),
            (.killedFromOutside(15), .signalled, nil, "signal 15 (SIGTERM)"),
            (.timedOut, .timedOut, nil, "1800.0 seconds"),
            (.logTooLarge, .logTooLarge, nil, "1073741824 bytes of output"),
        ] as [(BuildEnding, BuildOutcome, Int32?, String)])
    func words(ending: BuildEnding, outcome: BuildOutcome, exitCode: Int32?, words: String) {
        let result = ending.result(of: "make", LocalExecutorConfiguration(workspace: "/nowhere"))
        #expect(result.outcome == outcome)
        #expect(result.exitCode == exitCode)
        #expect(result.reason.contains(words))
    }
}
