import Glibc
import SystemCalls

/// Files of a few kilobytes: kubeconfigs, tokens, certificates.
enum SmallFile {
    /// Bytes of one file at most: a kubeconfig of hundreds of clusters, or a bundle of certificates.
    static let maximumSize = 4 << 20
    private static let step = 64 << 10

    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Reads a file; blocks.
    ///
    /// - Parameter path: Links are followed: mounted secrets are links.
    /// - Returns: All of it.
    /// - Throws: ``KubernetesConfigurationError``.
    static func bytes(_ path: String) throws(KubernetesConfigurationError) -> [UInt8] {
        do {
            // A FIFO in its place must not make us wait.
            let file = try OwnedDescriptor.open(path: path, flags: O_RDONLY | O_NONBLOCK)
            var content: [UInt8] = []
            while content.count <= maximumSize {
                let more = try file.read(upTo: step)
                if more.isEmpty { return content }
                content += more
            }
        } catch {
            throw .file(path: path, reason: "\(error)")
        }
        throw .file(path: path, reason: "it has more than \(maximumSize) bytes")
    }

    /// Reads a text; blocks.
    ///
    /// - Returns: Without white space around it.
    static func text(_ path: String) throws(KubernetesConfigurationError) -> String {
        let text = String(decoding: try bytes(path), as: UTF8.self)
        return String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
