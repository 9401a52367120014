import Builds
import FoundationEssentials
import Glibc
import Kubernetes
import Logging
import SSHServer
import SystemCalls

/// The host keys in a Secret, so that all servers have the same and none is lost with its pod.
///
/// Made by the first server that finds it missing, and never changed afterwards.
struct HostKeysSecret: Sendable {
    /// How long a start waits for the cluster, all requests together: less than kubelet waits for a start.
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
    /// Only what the Secret is known to have is ever served: keys that another server does not have would warn clients of
    /// a stranger.
    ///
    /// - Throws: ``StartError``, one line that says what to do.
    func load() async throws -> HostKeys {
        let deadline = ContinuousClock.now + Self.patience
        // A restart of the container, not of the pod: the copy is still here.
        let known = hasConfirmedCopy ? try HostKeys.load(existingIn: directory) : nil
        var last: KubernetesError?
        while true {
            do {
                let files = try await withTimeLimit(max(.zero, deadline - .now)) { try await self.files() }
                try write(files)
                return try HostKeys.load(existingIn: directory)
            } catch let error as KubernetesError {
                last = error
                if let known, !known.paths.isEmpty { return useCopy(known, because: "\(error)") }
                guard error.isTransient, ContinuousClock.now + Self.pause < deadline else {
                    throw StartError("ssh.host-keys-secret: \(namespace)/\(name): \(error)")
                }
                logger.warning(
                    "the Secret of the host keys cannot be read; trying again",
                    metadata: ["secret": "\(namespace)/\(name)", "error": "\(error)"])
                try await Task.sleep(for: Self.pause)
            } catch is TimeLimitError {
                let reason = last.map { "\($0)" } ?? "the cluster did not answer within \(Self.patience)"
                if let known, !known.paths.isEmpty { return useCopy(known, because: reason) }
                throw StartError("ssh.host-keys-secret: \(namespace)/\(name): \(reason)")
            }
        }
    }

    private func useCopy(_ known: HostKeys, because reason: String) -> HostKeys {
        logger.warning(
            "the Secret of the host keys cannot be read; the copy of the last start is used",
            metadata: ["secret": "\(namespace)/\(name)", "error": "\(reason)"])
        return known
    }

    /// The Secret's content, which is made of keys that are here or new when there is none.
    private func files() async throws -> [String: [UInt8]] {
        if let secret = try await get() { return try decode(secret) }
        let data = try newKeys().mapValues { JSON.string(Data($0).base64EncodedString()) }
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

    /// Keys for the Secret: those that are here, and new ones, in a folder from which none is served.
    private func newKeys() throws -> [String: [UInt8]] {
        let draft = directory + "/.draft"
        try MissingDirectories.make(directory, mode: 0o700)
        try? FileManager.default.removeItem(atPath: draft)
        try MissingDirectories.make(draft, mode: 0o700)
        defer { try? FileManager.default.removeItem(atPath: draft) }
        let old = try HostKeys.load(existingIn: directory)
        for path in old.paths {
            let name = path.split(separator: "/").last.map(String.init) ?? ""
            try Self.write(try Self.read(path), to: "\(draft)/\(name)")
        }
        let keys = try HostKeys.load(orCreateIn: draft, logger: logger)
        var files: [String: [UInt8]] = [:]
        for (name, path) in zip(HostKeys.fileNames, keys.paths) { files[name] = try Self.read(path) }
        return files
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

    /// Says of which Secret the files beside it are a whole copy.
    private var mark: String { "\(directory)/.copied-from-secret" }

    private var hasConfirmedCopy: Bool { (try? Self.read(mark)) == Array("\(namespace)/\(name)".utf8) }

    private func write(_ files: [String: [UInt8]]) throws(SystemCallError) {
        try MissingDirectories.make(directory, mode: 0o700)
        // Half a copy is none.
        unsafe unlink(mark)
        for (name, bytes) in files { try Self.write(bytes, to: "\(directory)/\(name)") }
        // Keys that the Secret has not are not offered.
        for name in HostKeys.fileNames where files[name] == nil { unsafe unlink("\(directory)/\(name)") }
        try Self.write(Array("\(namespace)/\(name)".utf8), to: mark)
    }

    /// Whole or not at all: a crash here must not leave half a key.
    private static func write(_ bytes: [UInt8], to path: String) throws(SystemCallError) {
        let draft = path + ".new"
        let file = try OwnedDescriptor.open(
            draft.utf8, in: AT_FDCWD, flags: O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
        try file.write(bytes)
        try file.synchronize()
        guard unsafe rename(draft, path) == 0 else { throw .last("rename") }
    }

    /// Far more than a key of any kind takes.
    private static let maximumKeySize = 64 << 10

    private static func read(_ path: String) throws(SystemCallError) -> [UInt8] {
        try OwnedDescriptor.open(path.utf8, in: AT_FDCWD, flags: O_RDONLY).read(upTo: maximumKeySize)
    }
}
