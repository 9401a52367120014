package import Builds
import Glibc
package import Identifiers
import Logging
package import NIOPosix
import SystemCalls

/// The operators' pod templates, read anew for each build: they change while the server runs.
package struct PodTemplates: Sendable {
    /// What the name of an app's file begins with: names of apps have no dots, so none is taken for a recipe's.
    private static let appPrefix = "app."
    private static let suffix = ".yaml"
    private static let general = "default"

    private let directory: String?
    private let pool: NIOThreadPool

    package init(directory: String?, pool: NIOThreadPool = .singleton) {
        self.directory = directory
        self.pool = pool
    }

    /// The template of an app's builds with a recipe: that of the app, else that of the recipe, else the default one, else
    /// the built-in one.
    ///
    /// - Throws: `ExecutorUnavailable` when it cannot be used: a build without what its operator wrote would be wrong.
    package func template(app: AppName, recipe: BuildRecipe) async throws -> PodTemplate {
        do {
            return try await pool.runIfActive {
                try find([Self.appPrefix + app.rawValue, recipe.rawValue, Self.general])
            }
        } catch let problem as PodTemplateProblem {
            throw ExecutorUnavailable(
                cause: "its pod template cannot be used", detail: problem.description, mayPass: false)
        }
    }

    /// Reads all templates, and looks for what is none.
    ///
    /// - Returns: What is wrong with them, one line for each file that cannot be used and for each name that none has.
    package func problems() async throws -> [String] {
        try await pool.runIfActive {
            guard let directory else { return [] }
            let names: [String]
            do throws(SystemCallError) {
                names = try DirectoryStream.names(in: directory)
            } catch {
                return ["\(directory): cannot be read: \(error)"]
            }
            // Mounted ConfigMaps have "..data" and more of that kind.
            return names.filter { !$0.hasPrefix(".") }.sorted().compactMap { name in
                do throws(PodTemplateProblem) {
                    try Self.check(name, in: directory)
                    _ = try read(directory + "/" + name)
                    return nil
                } catch {
                    return error.description
                }
            }
        }
    }

    /// Whether a file is for anybody: one that is never read looks as if it were.
    private static func check(_ file: String, in directory: String) throws(PodTemplateProblem) {
        if file.hasSuffix(suffix) {
            let name = String(file.dropLast(suffix.count))
            if name == general || BuildRecipe(rawValue: name) != nil { return }
            if name.hasPrefix(appPrefix), (try? AppName(String(name.dropFirst(appPrefix.count)))) != nil { return }
        }
        throw PodTemplateProblem(
            file: directory + "/" + file, line: nil,
            reason: """
                it is for no build: expected app.APP.yaml, \
                \(BuildRecipe.allCases.map { $0.rawValue + suffix }.joined(separator: ", ")) or default.yaml
                """)
    }

    private func find(_ names: [String]) throws(PodTemplateProblem) -> PodTemplate {
        guard let directory else { return try .builtIn() }
        for name in names {
            if let template = try read("\(directory)/\(name)\(Self.suffix)") { return template }
        }
        return try .builtIn()
    }

    /// Reads a file; nil when there is none.
    private func read(_ path: String) throws(PodTemplateProblem) -> PodTemplate? {
        let bytes: [UInt8]
        do throws(SystemCallError) {
            // ConfigMaps are mounted as links.
            let file = try OwnedDescriptor.open(path: path, flags: O_RDONLY)
            bytes = try file.readAll(upTo: PodTemplate.maximumSize + 1)
        } catch {
            guard error.code != ENOENT else { return nil }
            throw PodTemplateProblem(file: path, line: nil, reason: "it cannot be read: \(error)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw PodTemplateProblem(file: path, line: nil, reason: "it is not UTF-8")
        }
        return try PodTemplate(text, name: path)
    }
}

extension OwnedDescriptor {
    fileprivate func readAll(upTo limit: Int) throws(SystemCallError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < limit {
            let more = try read(upTo: limit - bytes.count)
            guard !more.isEmpty else { break }
            bytes += more
        }
        return bytes
    }
}
