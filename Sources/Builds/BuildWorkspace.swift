import BlockingPool
import Glibc
import Identifiers
import Logging
import NIOPosix
import SystemCalls

/// Where builds get their directories, and where these go away again.
struct BuildWorkspace: Sendable {
    /// Others may pass through, so that the build's user gets to its directory, but not look around.
    private static let mode: mode_t = 0o711

    let path: String
    /// Who gets the directories; nil for the server's own user.
    let owner: BuildUser?
    let pool: NIOThreadPool
    let logger: Logger

    /// Makes the workspace when it is missing and removes what builds left that a crash interrupted.
    ///
    /// What cannot be removed is told to the operator and stays: it must not keep the server from its start.
    ///
    /// - Throws: ``BuildDirectoryError`` when there is no workspace that can be used.
    func prepare() async throws {
        try await pool.runIfActive {
            _ = try make()
            var removed = 0
            // Only what is named like a build: should somebody point the workspace at their home, it survives.
            let names = (try? DirectoryStream.names(in: path)) ?? []
            for name in names where PushID(name) != nil {
                do throws(BuildDirectoryError) {
                    try DirectoryTree.remove(path + "/" + name)
                    removed += 1
                } catch {
                    logger.error(
                        "what a build left when the server last ended could not be removed",
                        metadata: ["path": "\(path)/\(name)", "error": "\(error)"])
                }
            }
            guard removed > 0 else { return }
            logger.notice("removed what builds left when the server last ended", metadata: ["builds": "\(removed)"])
        }
    }

    /// Refuses a build that would start on a disk that is nearly full.
    ///
    /// - Parameter minimum: Bytes that must be left.
    /// - Throws: ``DiskShortage``, and ``BuildDirectoryError`` when the workspace cannot be used.
    func requireRoom(_ minimum: Int64) async throws {
        try await pool.runIfActive {
            _ = try make()
            let space: FileSystemSpace
            do throws(SystemCallError) {
                space = try FileSystemSpace(at: path)
            } catch {
                throw BuildDirectoryError(action: "ask for the free space at", path: path, code: error.code)
            }
            guard let shortage = space.shortage(minimum: minimum) else { return }
            throw DiskShortage(shortage: shortage, minimum: minimum)
        }
    }

    /// Makes a directory for one build and removes it at the end, also after errors and cancellation.
    ///
    /// - Parameters:
    ///   - name: The build's id.
    ///   - body: What to do with the directory, which belongs to the server until ``handOver(_:)``.
    /// - Returns: What `body` returns.
    /// - Throws: ``BuildDirectoryError``, and what `body` throws.
    func withDirectory<Result>(
        _ name: String, body: (BuildDirectory) async throws -> Result
    ) async throws -> Result {
        let directory = try await pool.runIfActive { try create(name) }
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(directory)) } catch { result = .failure(error) }
        await remove(directory)
        return try result.get()
    }

    /// Gives an unpacked directory to the build's user.
    ///
    /// - Throws: ``BuildDirectoryError``.
    func handOver(_ directory: BuildDirectory) async throws {
        guard let owner else { return }
        try await pool.runIfActive { try DirectoryTree.changeOwner(of: directory.root, to: owner) }
    }

    /// The first directory on the way to the workspace that the build's user cannot pass through; nil if there is none.
    func obstacle() -> String? {
        guard let owner else { return nil }
        var prefix = ""
        for component in resolved().split(separator: "/") {
            prefix += "/" + component
            var status = stat()
            guard unsafe stat(prefix, &status) == 0 else { return prefix }
            let bit: mode_t =
                if status.st_uid == owner.uid { S_IXUSR } else if status.st_gid == owner.gid { S_IXGRP } else {
                    S_IXOTH
                }
            if status.st_mode & bit == 0 { return prefix }
        }
        return nil
    }

    private func create(_ name: String) throws(BuildDirectoryError) -> BuildDirectory {
        let workspace = try make()
        // bubblewrap makes mount points by name: a symbolic link on the way would lead elsewhere in there.
        let directory = BuildDirectory(root: resolved() + "/" + name)
        guard !name.isEmpty, !name.hasPrefix("."), !name.utf8.contains(UInt8(ascii: "/")) else {
            throw BuildDirectoryError(action: "use as a build's directory", path: directory.root, code: EINVAL)
        }
        guard unsafe mkdirat(workspace.raw, name, 0o700) == 0 else {
            throw BuildDirectoryError(action: "make", path: directory.root, code: errno)
        }
        for path in directory.parts where unsafe mkdir(path, 0o755) != 0 {
            let error = BuildDirectoryError(action: "make", path: path, code: errno)
            try? DirectoryTree.remove(directory.root)
            throw error
        }
        return directory
    }

    /// Opens the workspace, and makes it when it is missing.
    ///
    /// It may be in a directory where everybody can make some, such as /var/tmp: each time, it must be the server's own.
    private func make() throws(BuildDirectoryError) -> OwnedDescriptor {
        let directory = try open()
        var status = stat()
        guard unsafe fstat(directory.raw, &status) == 0, status.st_uid == geteuid(),
            status.st_mode & (S_IWGRP | S_IWOTH) == 0
        else {
            throw BuildDirectoryError(
                action: "trust, because other users own it or can write to it,", path: path, code: EPERM)
        }
        guard fchmod(directory.raw, Self.mode) == 0 else {
            throw BuildDirectoryError(action: "change the mode of", path: path, code: errno)
        }
        return directory
    }

    private func open() throws(BuildDirectoryError) -> OwnedDescriptor {
        do throws(SystemCallError) {
            try MissingDirectories.make(path, mode: 0o755)
            return try OwnedDescriptor.open(path.utf8, in: AT_FDCWD, flags: O_RDONLY | O_DIRECTORY)
        } catch {
            let action = error.call == "mkdir" ? "make" : "use as the workspace, which must be a directory and no link,"
            throw BuildDirectoryError(action: action, path: path, code: error.code)
        }
    }

    private func resolved() -> String { HostPath.resolved(path) ?? path }

    private func remove(_ directory: BuildDirectory) async {
        do {
            // To its end also when the build is cancelled.
            try await pool.runToEnd { try DirectoryTree.remove(directory.root) }
        } catch {
            logger.error("a build's directory could not be removed", metadata: ["error": "\(error)"])
        }
    }
}
