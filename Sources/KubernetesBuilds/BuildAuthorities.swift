/// Certificates that build pods trust at the object store besides the system's.
package struct BuildAuthorities: Sendable, Equatable {
    /// Bytes at most: they travel as one variable, of which Linux takes 128 KiB with its name (`MAX_ARG_STRLEN`, execve(2)).
    ///
    /// One authority has 2 KiB; all of the system's together have 200 KiB, and need not be sent.
    package static let maximumSize = 100 << 10

    let pem: String

    /// Takes certificates.
    ///
    /// - Parameter pem: What a file of them holds.
    /// - Throws: ``BuildAuthoritiesTooLarge``, without which every container would fail to start.
    package init(pem: String) throws(BuildAuthoritiesTooLarge) {
        guard pem.utf8.count <= Self.maximumSize else { throw BuildAuthoritiesTooLarge(size: pem.utf8.count) }
        self.pem = pem
    }
}

/// A file of certificates that no pod could be given.
package struct BuildAuthoritiesTooLarge: Error, Equatable, CustomStringConvertible {
    let size: Int

    package var description: String {
        """
        it has \(size) bytes, and pods of builds can be given at most \(BuildAuthorities.maximumSize); name a file with \
        the certificate of the bucket's own authority only, since the system's are trusted anyway
        """
    }
}
