import Dispatch
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Health

@Suite struct WorkspaceWatchTests {
    private func names(in directory: TemporaryDirectory) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path)
    }

    private func make(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    @Test("a directory that can be written is well, and nothing is left in it")
    func well() throws {
        let directory = try TemporaryDirectory()
        let probe = WorkspaceProbe(path: directory.path)
        #expect(probe.run() == nil)
        #expect(try !names(in: directory).contains(WorkspaceProbe.fileName))
        // As a crash would leave it.
        try directory.write("", to: WorkspaceProbe.fileName)
        #expect(probe.run() == nil)
        #expect(try !names(in: directory).contains(WorkspaceProbe.fileName))
    }

    @Test("a directory that is gone, a file, and a system's own are told apart from one that is well")
    func real() throws {
        let directory = try TemporaryDirectory()
        try directory.write("", to: "file")
        #expect(WorkspaceProbe(path: directory("missing")).run() == "the workspace directory is missing")
        #expect(WorkspaceProbe(path: directory("file")).run() == "the workspace directory is missing")
        #expect(WorkspaceProbe(path: "/proc/self").run() != nil)
    }

    @Test(
        "a full disk is no reason not to be ready; others are, in plain English",
        arguments: [
            (0, nil), (ENOSPC, nil), (EDQUOT, nil), (EROFS, "the workspace is read-only"),
            (EACCES, "the workspace may not be written to"), (EPERM, "the workspace may not be written to"),
            (EIO, "the workspace's disk reports errors"),
            (EMFILE, "no file can be created in the workspace: too many open files"),
        ] as [(Int32, String?)])
    func words(code: Int32, expected: String?) { #expect(WorkspaceProbe.problem(code) == expected) }

    @Test("trouble shows, is logged once, and ends without a restart")
    func life() async throws {
        let directory = try TemporaryDirectory()
        let path = directory("workspace")
        let log = LogBook()
        let watch = WorkspaceWatch(
            probe: WorkspaceProbe(path: path).run, period: .milliseconds(5), logger: log.logger)
        #expect(watch.problem == "it is not known yet whether the workspace can be written to")
        try make(path)
        let run = Task { await watch.run() }
        try await eventually("it is well") { watch.problem == nil }
        try await eventually("it is removed") { unsafe rmdir(path) == 0 }
        try await eventually("it is missing") { watch.problem == "the workspace directory is missing" }
        try make(path)
        try await eventually("it is well again") { watch.problem == nil }
        try await eventually("all is logged") { log.lines.count == 2 }
        run.cancel()
        await run.value
        #expect(
            log.lines == [
                "error The workspace is in trouble cause=the workspace directory is missing",
                "notice The workspace is well again",
            ])
    }

    @Test("a file system that hangs is told, holds one thread, and does not keep the watch from ending")
    func hanging() async throws {
        let tries = Atomic<Int>(0)
        let gate = DispatchSemaphore(value: 0)
        let watch = WorkspaceWatch(
            probe: {
                tries.add(1, ordering: .relaxed)
                gate.wait()
                return nil
            }, period: .milliseconds(1), logger: LogBook().logger)
        let now = ContinuousClock.now
        let run = Task { await watch.run() }
        try await eventually("it tries") { tries.load(ordering: .relaxed) == 1 }
        #expect(watch.problem(at: now + .seconds(5)) == "it is not known yet whether the workspace can be written to")
        #expect(
            watch.problem(at: now + .seconds(3_660 * 3))
                == "the workspace does not respond: a file could not be created for 3 h")
        gate.signal()
        try await eventually("it is well") { watch.problem(at: now) == nil }
        try await eventually("it hangs again") { tries.load(ordering: .relaxed) == 2 }
        run.cancel()
        await run.value
        gate.signal()
        #expect(tries.load(ordering: .relaxed) == 2)
    }
}
