/// What a path in a pushed tree is, as far as choosing a recipe needs to know.
package enum SourceEntryKind: Sendable, Equatable {
    case file
    case executable
    case directory
    case symlink
    case submodule
}
