import FoundationEssentials

extension Site {
    /// How many bytes of packs are in an app's quarantines now.
    func quarantinedBytes(_ app: String) -> Int {
        let objects = repository(app) + "/objects"
        let quarantines = (try? FileManager.default.contentsOfDirectory(atPath: objects)) ?? []
        return quarantines.filter { $0.hasPrefix("incoming-") }.reduce(0) { total, name in
            let folder = "\(objects)/\(name)"
            let files = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
            return files.filter { $0.contains("pack/") }.reduce(total) { sum, file in
                let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(file)")
                return sum + ((attributes?[.size] as? Int) ?? 0)
            }
        }
    }
}

extension GitClient {
    /// Commits a file that no compression makes smaller, and makes git not try.
    func commitNoise(megabytes: Int) async throws {
        try await shell(
            """
            git config core.compression 0
            git config core.bigFileThreshold 1m
            head -c \(megabytes)M /dev/urandom >noise
            git add noise
            git commit -q -m Noise
            """)
    }

    /// The same client, whose connection passes so many bytes to the server and then no more, without being closed.
    func stalling(after bytes: Int) throws -> GitClient {
        let proxy = try ssh.directory.write(
            "stalling-proxy",
            """
            exec 3<>"/dev/tcp/$1/$2"
            cat <&3 &
            stdbuf -o0 head -c \(bytes) >&3
            wait
            """)
        var client = self
        client.environment["GIT_SSH_COMMAND"] = ssh.commandLine + " -o 'ProxyCommand=/bin/bash \(proxy) %h %p'"
        return client
    }
}
