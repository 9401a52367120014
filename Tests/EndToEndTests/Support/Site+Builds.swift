import FoundationEssentials

extension Site {
    /// What the server keeps of an app's builds.
    func builds(of app: String) -> StoredBuilds { StoredBuilds(directory: directory, app: app) }

    /// A repository with one commit, whose `.slipway/build` is the script.
    func git(_ name: String = "work", building script: String, as user: String = "alice") async throws -> GitClient {
        let git = try await git(name, as: user)
        try git.writeBuild(script)
        try await git.commit("Build it")
        return git
    }

    /// Makes every build that waits in ``GitClient/waitForLeave`` go on.
    func giveLeave() throws {
        let place = directory("data/workspaces")
        for build in (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? [] {
            try Data().write(to: URL(filePath: "\(place)/\(build)/home/leave"))
        }
    }

    /// Waits until nothing of a push or a build is left: no child processes, no quarantine, no workspace.
    func isQuiet(_ app: String, within limit: Duration = .seconds(30)) async throws {
        try await eventually("nothing of the push is left", within: limit) {
            HostProcesses.descendants(of: server.process.id).isEmpty && leftovers(of: app).isEmpty
        }
    }

    /// Quarantines and workspaces that are there now.
    func leftovers(of app: String) -> [String] {
        let places = ["data/workspaces", "data/repositories/\(app).git/objects"].map { directory($0) }
        return places.flatMap { place in
            ((try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []).filter {
                place.hasSuffix("workspaces") || $0.hasPrefix("incoming-")
            }
        }
    }
}

extension GitClient {
    /// Lines for a build script that waits until the test calls ``Site/giveLeave()``.
    static let waitForLeave = "until [ -e \"$HOME/leave\" ]; do sleep 0.02; done"

    /// Writes `.slipway/build`: the lines after `#!/bin/bash`.
    func writeBuild(_ script: String) throws {
        try write(".slipway/build", "#!/bin/bash\n\(script)\n", executable: true)
    }
}
