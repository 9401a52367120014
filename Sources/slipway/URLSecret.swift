import Glibc
import ObjectStorage
import SystemCalls

/// What signs the URLs of single objects: random, kept beside the store, so that URLs survive a restart.
enum URLSecret {
    /// Reads the secret, or makes it the first time.
    ///
    /// - Parameter store: The store's directory; the secret is in the file `url-secret` of the one above, for the owner alone.
    /// - Returns: ``ObjectURLSigner/minimumSecret`` random bytes.
    /// - Throws: ``StartError``, one line that names the file.
    static func load(besides store: String) throws(StartError) -> [UInt8] {
        let directory = String(store[..<(store.lastIndex(of: "/") ?? store.startIndex)])
        let path = directory + "/url-secret"
        do throws(SystemCallError) {
            if let known = try read(path) { return known }
            // Whole or not at all: a crash here must not leave half a secret.
            let draft = "\(path).\(getpid())"
            var generator = SystemRandomNumberGenerator()
            let secret = (0..<ObjectURLSigner.minimumSecret).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let flags = O_WRONLY | O_CREAT | O_TRUNC
            let file = try OwnedDescriptor.open(draft.utf8, in: AT_FDCWD, flags: flags, mode: 0o600)
            try file.write(secret)
            try file.synchronize()
            // Another process may have been first: then its secret is the one.
            guard unsafe link(draft, path) == 0 || errno == EEXIST else { throw .last("link") }
            unsafe unlink(draft)
            return try read(path) ?? secret
        } catch {
            throw StartError("data-dir: \(path): \(error.reason)")
        }
    }

    private static func read(_ path: String) throws(SystemCallError) -> [UInt8]? {
        do throws(SystemCallError) {
            let file = try OwnedDescriptor.open(path.utf8, in: AT_FDCWD, flags: O_RDONLY)
            let bytes = try file.read(upTo: ObjectURLSigner.minimumSecret)
            guard bytes.count == ObjectURLSigner.minimumSecret else {
                throw SystemCallError(call: "read", code: EINVAL)
            }
            return bytes
        } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
    }
}
