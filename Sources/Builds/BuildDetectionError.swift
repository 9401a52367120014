/// Why no recipe fits a pushed tree, in words for the person who pushed it.
package enum BuildDetectionError: Error, Equatable, CustomStringConvertible {
    case scriptNotExecutable
    case scriptNotAFile
    /// With what an operator would have to do.
    case dockerfileUnsupported(remedy: String)
    case nothingToBuild

    package var description: String {
        switch self {
        case .scriptNotExecutable:
            """
            .slipway/build is there but not executable; run "git update-index --chmod=+x .slipway/build", \
            commit and push again
            """
        case .scriptNotAFile:
            ".slipway/build is a directory; expected an executable script at that path"
        case .dockerfileUnsupported(let remedy):
            """
            a Dockerfile was found, but \(remedy); an executable .slipway/build or a Makefile would be built \
            without it
            """
        case .nothingToBuild:
            """
            nothing to build: looked for an executable .slipway/build, then a Dockerfile, then a Makefile \
            at the top of the pushed tree; add one of them, commit and push again
            """
        }
    }
}
