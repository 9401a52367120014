/// Why git cannot be used.
package enum GitToolError: Error, Equatable, CustomStringConvertible {
    case notFound(program: String, package: String)
    case doesNotRun(String)

    package var description: String {
        switch self {
        case .notFound(let program, let package):
            "the program \(program) was not found on PATH; install it (apt install \(package)) and start again"
        case .doesNotRun(let path):
            "\(path) does not answer to \"git version\"; expected git 2.39 or newer"
        }
    }
}
