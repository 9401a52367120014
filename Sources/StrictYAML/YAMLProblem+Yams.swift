import Yams

extension YAMLProblem {
    /// Takes what is useful from an error of Yams.
    ///
    /// Its own description is not used: it has several lines and repeats the document.
    init(_ error: YamlError) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let place = context.map { " (\($0.text))" } ?? ""
            // A bare star is the likeliest mistake in an access file, and libyaml's words do not lead to it.
            let hint = context?.text == "while scanning an alias" ? "; write a star in quotes: \"*\"" : ""
            self.init(
                line: mark.line, column: mark.column, reason: "this is not valid YAML: \(problem)\(place)\(hint)")
        case .reader(let problem, let offset, _, let yaml):
            let line = offset.map { 1 + yaml.prefix($0).count(where: \.isNewline) }
            self.init(line: line, column: nil, reason: "this is not valid YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            let name = keys.first?.quoted ?? "a key"
            self.init(
                line: context.mark.line, column: context.mark.column,
                reason: "\(name) is written more than once; this is the first")
        default:
            self.init(line: nil, column: nil, reason: "the file cannot be read as YAML")
        }
    }
}
