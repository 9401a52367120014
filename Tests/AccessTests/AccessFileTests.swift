import Foundation
import TestSupport
import Testing

@testable import Access

@Suite("Access file")
struct AccessFileTests {
    private static func users(_ names: String...) -> String {
        "users:\n" + names.map { "  \($0): {keys: [], apps: [a]}\n" }.joined()
    }

    /// Runs `body` beside the watch of `access.yaml`, and ends the watch.
    private func watching(
        _ directory: TemporaryDirectory, log: RecordingLog, path: String = "access.yaml",
        _ body: (AccessFile) async throws -> Void
    ) async throws {
        let file = try AccessFile(path: directory(path), logger: log.logger, interval: .milliseconds(5))
        let watch = Task { await file.run() }
        do {
            try await body(file)
        } catch {
            watch.cancel()
            await watch.value
            throw error
        }
        watch.cancel()
        await watch.value
    }

    private func names(_ file: AccessFile) -> [String] { file.rules.users.map(\.name) }

    @Test("an edit in place is picked up, and the log says who came and went")
    func editInPlace() async throws {
        let directory = try TemporaryDirectory()
        let log = RecordingLog(without: ["file"])
        try directory.write(Self.users("alice", "bob"), to: "access.yaml")
        try await watching(directory, log: log) { file in
            #expect(names(file) == ["alice", "bob"])
            // At once: a file that is emptied first may be read in that moment, and is told as broken then.
            try directory.overwrite("access.yaml", with: Self.users("alice", "carol"))
            try await eventually("the new users") { names(file) == ["alice", "carol"] }
            try await eventually("a line in the log") { !log.lines.isEmpty }
            #expect(
                log.lines == ["info: access file reloaded | added=carol | keys=0 | removed=bob | users=2"])
        }
    }

    @Test("a file renamed over the old one is picked up")
    func renameOver() async throws {
        let directory = try TemporaryDirectory()
        try directory.write(Self.users("alice"), to: "access.yaml")
        try await watching(directory, log: RecordingLog(without: ["file"])) { file in
            try directory.write(Self.users("dave1"), to: "new")
            #expect(unsafe rename(directory("new"), directory("access.yaml")) == 0)
            try await eventually("the new user") { names(file) == ["dave1"] }
        }
    }

    @Test("the symlink swap of a mounted ConfigMap is picked up, even when size and time are the same")
    func configMapSwap() async throws {
        let directory = try TemporaryDirectory()
        let manager = FileManager.default
        let date = Date(timeIntervalSince1970: 1_700_000_000)
        let versions = [("..2024_1", "alice"), ("..2024_2", "bobby"), ("..2024_3", "carol")]
        for (version, name) in versions {
            try manager.createDirectory(atPath: directory(version), withIntermediateDirectories: false)
            try directory.write(Self.users(name), to: "\(version)/access.yaml")
            try manager.setAttributes([.modificationDate: date], ofItemAtPath: directory("\(version)/access.yaml"))
        }
        try manager.createSymbolicLink(atPath: directory("..data"), withDestinationPath: "..2024_1")
        try manager.createSymbolicLink(
            atPath: directory("access.yaml"), withDestinationPath: "..data/access.yaml")
        try await watching(directory, log: RecordingLog(without: ["file"])) { file in
            #expect(names(file) == ["alice"])
            // Twice: the first could be found by an accident of the start.
            for (version, name) in versions.dropFirst() {
                try manager.createSymbolicLink(atPath: directory("..data_tmp"), withDestinationPath: version)
                #expect(unsafe rename(directory("..data_tmp"), directory("..data")) == 0)
                try await eventually("user \(name)") { names(file) == [name] }
            }
        }
    }

    @Test("a broken edit keeps the old rules, is logged once with line and reason, and so is the recovery")
    func brokenEdit() async throws {
        let directory = try TemporaryDirectory()
        let log = RecordingLog(without: ["file"])
        try directory.write(Self.users("alice"), to: "access.yaml")
        try await watching(directory, log: log) { file in
            try directory.replace("access.yaml", with: "users:\n  alice: {keys: []}\n")
            try await eventually("a line in the log") { !log.lines.isEmpty }
            #expect(names(file) == ["alice"])
            // Two more versions of the file: had the first been logged again at a later look, it would stand between.
            try directory.replace("access.yaml", with: "users:\n\n  alice: {keys: []}\n")
            try await eventually("a second line in the log") { log.lines.count >= 2 }
            try directory.replace("access.yaml", with: Self.users("alice", "bob"))
            try await eventually("the new user") { names(file) == ["alice", "bob"] }
            try await eventually("a third line in the log") { log.lines.count >= 3 }
            let reason = "reason=user alice: \"apps\" is missing; write apps: [\"*\"] for all apps"
            let broken = "error: access file is broken; the last rules stay in force"
            #expect(
                log.lines == [
                    "\(broken) | line=2 | \(reason)", "\(broken) | line=3 | \(reason)",
                    "info: access file is good again; reloaded | added=bob | keys=0 | users=2",
                ])
        }
    }

    @Test("a file that vanishes keeps the old rules, is logged once, and is read again when it is back")
    func vanished() async throws {
        let directory = try TemporaryDirectory()
        let log = RecordingLog(without: ["file"])
        try directory.write(Self.users("alice"), to: "access.yaml")
        try await watching(directory, log: log) { file in
            #expect(unsafe rename(directory("access.yaml"), directory("away")) == 0)
            try await eventually("a line in the log") { !log.lines.isEmpty }
            #expect(names(file) == ["alice"])
            #expect(unsafe rename(directory("away"), directory("access.yaml")) == 0)
            try await eventually("a second line in the log") { log.lines.count >= 2 }
            #expect(
                log.lines == [
                    "error: access file cannot be seen; the last rules stay in force "
                        + "| reason=No such file or directory",
                    "info: access file is good again; reloaded | keys=0 | users=1",
                ])
        }
    }

    @Test("a file that cannot be read at the start is an error")
    func unreadable() throws {
        let directory = try TemporaryDirectory()
        let log = RecordingLog(without: ["file"])
        func reason(_ name: String) throws -> String {
            let error = #expect(throws: AccessFileError.self) {
                try AccessFile(path: directory(name), logger: log.logger)
            }
            return try #require(error).description
        }
        #expect(try reason("absent") == "the file cannot be opened: No such file or directory")
        #expect(try reason(".") == "this is not a regular file")
        #expect(unsafe mkfifo(directory("fifo"), 0o600) == 0)
        #expect(try reason("fifo") == "this is not a regular file")
        try Data([0x75, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: directory("latin")))
        #expect(try reason("latin") == "the file is not UTF-8 text")
        try directory.write("users:\n- a", to: "broken")
        #expect(try reason("broken").hasPrefix("line 2: expected a map of users"))
        try directory.write(String(repeating: "#", count: (4 << 20) + 1), to: "long")
        #expect(try reason("long") == "the file is longer than 4194304 bytes")
    }

    @Test("the template is valid, private, and never written over a file")
    func template() throws {
        let directory = try TemporaryDirectory()
        let path = directory("access.yaml")
        #expect(try AccessFile.createTemplate(at: path))
        let file = try AccessFile(path: path, logger: RecordingLog(without: ["file"]).logger)
        #expect(file.rules.users.isEmpty)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        try directory.write("mine", to: "access.yaml")
        #expect(try !AccessFile.createTemplate(at: path))
        #expect(try directory.read("access.yaml") == "mine")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["access.yaml"])
        #expect(throws: AccessFileError.self) { try AccessFile.createTemplate(at: directory("no/where")) }
    }

    @Test("the example in the template is valid once its keys are real")
    func templateExample() throws {
        let lines = AccessFile.template.split(separator: "\n").drop { $0 != "# users:" }
            .prefix { $0.hasPrefix("#") }.map { $0.dropFirst(2) }
        let yaml = lines.joined(separator: "\n")
            .replacing("ssh-ed25519 AAAA...", with: Samples.alice)
            .replacing("ssh-rsa AAAA...", with: Samples.bob)
        #expect(try AccessRules.parse(yaml: yaml).users.map(\.name) == ["alice", "ci"])
    }
}
