#include <git2.h>
#include <git2/sys/repository.h>

// git_libgit2_opts is variadic, which Swift cannot call.
static inline int slipway_git_set_size_option(int option, size_t value) { return git_libgit2_opts(option, value); }
static inline int slipway_git_set_cache_limit(long bytes) {
    return git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, (ssize_t)bytes);
}
static inline int slipway_git_set_flag_option(int option, int enabled) { return git_libgit2_opts(option, enabled); }
static inline int slipway_git_set_search_path(int level, const char *path) {
    return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path);
}
