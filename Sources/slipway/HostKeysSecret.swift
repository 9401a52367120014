import FoundationEssentials
import Glibc
import Kubernetes
import Logging
import SSHServer
import SystemCalls

/// The host keys in a Secret, so that all servers have the same and none is lost with its pod.
///
/// Made by the first server that finds it missing, and never changed afterwards.
struct HostKeysSecret {
    /// How long a start waits for the cluster: less than kubelet waits for a start.
    private static let patience: Duration = .seconds(40)
    private static let pause: Duration = .seconds(2)

    let client: KubernetesClient
    let namespace: String
    let name: String
    /// Where this process keeps its copy.
    let directory: String
    let logger: Logger

    /// The keys of a Secret, as the API has them.
    private struct Secret: Decodable, Sendable {
        /// Base64 by the key's file name.
        let data: [String: String]?
    }

    /// Gets the keys, and makes them if there are none.
    ///
    /// - Throws: ``StartError``, one line that says what to do.
    func load() async throws -> HostKeys {
        let deadline = ContinuousClock.now + Self.patience
        while true {
            do {
                let files = try await files()
                try write(files)
                return try HostKeys.load(existingIn: directory)
            } catch let error as KubernetesError {
                // A restart of the container, not of the pod: the copy is still here.
                let known = try HostKeys.load(existingIn: directory)
                guard known.paths.isEmpty else {
                    logger.warning(
                        "the Secret of the host keys cannot be read; the copy of the last start is used",
                        metadata: ["secret": "\(namespace)/\(name)", "error": "\(error)"])
                    return known
                }
                guard error.isTransient, ContinuousClock.now + Self.pause < deadline else {
                    throw StartError("ssh.host-keys-secret: \(namespace)/\(name): \(error)")
                }
                logger.warning(
                    "the Secret of the host keys cannot be read; trying again",
                    metadata: ["secret": "\(namespace)/\(name)", "error": "\(error)"])
                try await Task.sleep(for: Self.pause)
            }
        }
    }

    /// The Secret's content, which is made of keys that are here or new when there is none.
    private func files() async throws -> [String: [UInt8]] {
        if let secret = try await get() { return try decode(secret) }
        let keys = try HostKeys.load(orCreateIn: directory, logger: logger)
        var data: [String: JSON] = [:]
        for (name, path) in zip(HostKeys.fileNames, keys.paths) {
            data[name] = .string(Data(try Self.read(path)).base64EncodedString())
        }
        let object: JSON = [
            "apiVersion": "v1", "kind": "Secret", "type": "Opaque",
            "metadata": ["name": .string(name), "labels": ["app.kubernetes.io/managed-by": "slipway"]],
            "data": .object(data),
        ]
        do {
            let secret = try await client.create(Secret.self, .secrets, object, namespace: namespace)
            logger.notice("host keys made", metadata: ["secret": "\(namespace)/\(name)"])
            return try decode(secret)
        } catch let error as KubernetesError where error.kind == .alreadyExists || error.leavesDoubt {
            // Another server was first: its keys are everybody's.
            guard let secret = try await get() else { throw error }
            return try decode(secret)
        }
    }

    private func get() async throws -> Secret? {
        try await client.get(Secret.self, .secrets, namespace: namespace, name: name)
    }

    private func decode(_ secret: Secret) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for file in HostKeys.fileNames {
            guard let text = secret.data?[file], let bytes = Data(base64Encoded: text) else { continue }
            files[file] = Array(bytes)
        }
        guard !files.isEmpty else {
            throw StartError(
                """
                ssh.host-keys-secret: \(namespace)/\(name) is there but has none of \
                \(HostKeys.fileNames.joined(separator: ", ")); delete it to have new keys made, which clients will not trust
                """)
        }
        return files
    }

    // MARK: The copy

    private func write(_ files: [String: [UInt8]]) throws(SystemCallError) {
        try MissingDirectories.make(directory, mode: 0o700)
        for (name, bytes) in files {
            // Whole or not at all: a crash here must not leave half a key.
            let (path, draft) = ("\(directory)/\(name)", "\(directory)/.\(name).new")
            let flags = O_WRONLY | O_CREAT | O_TRUNC
            let file = try OwnedDescriptor.open(draft.utf8, in: AT_FDCWD, flags: flags, mode: 0o600)
            try file.write(bytes)
            try file.synchronize()
            guard unsafe rename(draft, path) == 0 else { throw .last("rename") }
        }
        // Keys that the Secret has not are not offered.
        for name in HostKeys.fileNames where files[name] == nil { unsafe unlink("\(directory)/\(name)") }
    }

    /// Far more than a key of any kind takes.
    private static let maximumKeySize = 64 << 10

    private static func read(_ path: String) throws(SystemCallError) -> [UInt8] {
        try OwnedDescriptor.open(path.utf8, in: AT_FDCWD, flags: O_RDONLY).read(upTo: maximumKeySize)
    }
}
