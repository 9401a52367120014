import TestSupport

extension TemporaryDirectory {
    /// All files, links and directories below, relative and sorted.
    func everything(_ below: String = "") throws -> [String] {
        let result = try Tool.run(["find", path + "/" + below, "-mindepth", "1", "-printf", "%P\\n"])
        return String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init).sorted()
    }

    /// What is being written just now, in any instance of a store at this path.
    func temporaryFiles() throws -> [String] { try everything("tmp").filter { $0.contains("/") } }
}
