import CLibGit2

/// The one initialisation of libgit2 in this process.
///
/// The library caches and maps generously by default (256 MiB and 8 GiB); a server with many repositories must not.
enum LibGit2 {
    /// Bytes of a pack that one mapping covers: enough for hundreds of small objects.
    private static let windowSize = 1 << 20

    /// Bytes of packs mapped at any time, over all repositories.
    private static let mappedLimit = 32 << 20

    /// Bytes of parsed objects cached, over all repositories.
    private static let cacheLimit = 16 << 20

    /// Initialises the library at its first use.
    ///
    /// - Throws: ``RepositoryError`` when libgit2 refuses one of the settings.
    static func start() throws(RepositoryError) {
        try startup.get()
    }

    private static let startup: Result<Void, RepositoryError> = Result { () throws(RepositoryError) in
        let count = git_libgit2_init()
        guard count > 0 else { throw .library(count, "start libgit2") }
        try set(slipway_git_set_size_option(option(GIT_OPT_SET_MWINDOW_SIZE), windowSize))
        try set(slipway_git_set_size_option(option(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT), mappedLimit))
        try set(slipway_git_set_cache_limit(cacheLimit))
        // A ref that a client was told about survives a power cut.
        try set(slipway_git_set_flag_option(option(GIT_OPT_ENABLE_FSYNC_GITDIR), 1))
        // The repositories are the server's own; a volume may have another owner than the process.
        try set(slipway_git_set_flag_option(option(GIT_OPT_SET_OWNER_VALIDATION), 0))
        // No configuration of the machine or of its user takes part.
        let levels = [
            GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_PROGRAMDATA,
        ]
        for level in levels {
            try set(unsafe slipway_git_set_search_path(level.rawValue, ""))
        }
    }

    private static func option(_ option: git_libgit2_opt_t) -> Int32 { Int32(option.rawValue) }

    private static func set(_ code: Int32) throws(RepositoryError) {
        try check(code, "configure libgit2")
    }

    /// Turns a return code of libgit2 into an error.
    ///
    /// The library keeps its message by thread, so this must be called on the thread of the call, before any `await`.
    ///
    /// - Parameters:
    ///   - code: What the function returned; negative means failure.
    ///   - operation: What was tried, to come after "could not".
    /// - Throws: ``RepositoryError`` with the library's message.
    static func check(_ code: Int32, _ operation: @autoclosure () -> String) throws(RepositoryError) {
        guard code >= 0 else { throw .library(code, operation()) }
    }
}
