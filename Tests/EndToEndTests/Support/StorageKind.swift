import Glibc
import Testing

/// Where a server keeps objects, for tests of what must be the same in either case.
enum StorageKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case files, bucket

    var testDescription: String { rawValue }

    /// Runs a test with a site of its own.
    ///
    /// - Parameters:
    ///   - flags: More flags for `slipway serve`.
    ///   - body: Gets the site, and the bucket's server if there is one.
    /// - Throws: What `body` throws.
    func withSite(_ flags: String..., body: (Site, S3Server?) async throws -> Void) async throws {
        let directory = try TemporaryDirectory()
        let s3 = self == .bucket ? try await S3Server.start(in: directory) : nil
        defer { s3?.stop() }
        try await body(try await Site.start(flags: flags + (s3?.flags() ?? [])), s3)
    }
}

extension Site {
    /// A subcommand with the settings of the server's data and objects.
    func subcommand(_ words: String..., storage s3: S3Server?, flags: [String] = []) throws -> Command {
        Command(
            try SlipwayProgram.path, words + ["--data-dir", directory("data")] + (s3?.flags() ?? []) + flags)
    }

    /// The keys of all objects, sorted.
    func keys(_ s3: S3Server?) async throws -> [String] {
        if let s3 { return try await s3.keys() }
        let root = directory("data/store/objects")
        return try HostFile.paths(below: root).filter { !HostFile.isDirectory("\(root)/\($0)") }
    }
}

extension HostFile {
    /// Whether it is a directory itself, no link to one.
    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}

extension CommandResult {
    /// The id of the push that this is.
    var pushID: String {
        get throws {
            guard let match = messages.firstMatch(of: /\(push ([0-9A-Z]{26})\)/) else { throw Failed("no id: \(self)") }
            return String(match.1)
        }
    }
}
