import CLibGit2
import GitProtocol

/// An open repository of libgit2, closed when the value goes away.
///
/// Opened for one operation and used on one thread; opening costs well under a millisecond.
@safe struct RepositoryHandle: ~Copyable {
    let pointer: OpaquePointer

    /// Opens a bare repository.
    ///
    /// - Parameter path: Its directory.
    /// - Throws: ``RepositoryError`` when there is none.
    init(path: String) throws(RepositoryError) {
        try LibGit2.start()
        var opened: OpaquePointer?
        try LibGit2.check(unsafe git_repository_open_bare(&opened, path), "open the repository")
        guard let opened = unsafe opened else {
            throw RepositoryError(kind: .invalid, operation: "open the repository", detail: "libgit2 returned nothing")
        }
        unsafe pointer = opened
    }

    /// Makes a new bare repository.
    ///
    /// - Parameter path: A directory that is not there yet.
    /// - Throws: ``RepositoryError`` when it cannot be made.
    init(creatingAt path: String) throws(RepositoryError) {
        try LibGit2.start()
        var options = unsafe git_repository_init_options()
        unsafe git_repository_init_options_init(&options, UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION))
        unsafe options.flags =
            GIT_REPOSITORY_INIT_BARE.rawValue | GIT_REPOSITORY_INIT_NO_REINIT.rawValue
            | GIT_REPOSITORY_INIT_MKDIR.rawValue
        var created: OpaquePointer?
        try LibGit2.check(unsafe git_repository_init_ext(&created, path, &options), "create the repository")
        guard let created = unsafe created else {
            throw RepositoryError(
                kind: .invalid, operation: "create the repository", detail: "libgit2 returned nothing")
        }
        unsafe pointer = created
    }

    deinit { unsafe git_repository_free(pointer) }

    /// Sets a boolean in the repository's own configuration.
    borrowing func configure(_ key: String, _ value: Bool) throws(RepositoryError) {
        var config: OpaquePointer?
        try LibGit2.check(unsafe git_repository_config(&config, pointer), "configure the repository")
        defer { unsafe git_config_free(config) }
        try LibGit2.check(unsafe git_config_set_bool(config, key, value ? 1 : 0), "configure the repository")
    }
}
