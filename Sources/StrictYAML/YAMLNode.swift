/// One value of a YAML document, with the place where it was written.
///
/// Scalars keep the text as written: `on`, `0123` and `1e3` mean what the reader of the value says, not what YAML's
/// own schema would make of them.
package struct YAMLNode: Sendable, Equatable {
    /// What the value is.
    package let value: Value

    /// Where it starts, counted from 1.
    package let line: Int

    /// The column where it starts, counted from 1 in Unicode scalars.
    package let column: Int

    /// The four shapes a value has here.
    package enum Value: Sendable, Equatable {
        /// Nothing was written, or `~` or `null` without quotes.
        case null
        case scalar(String)
        case list([YAMLNode])
        /// Entries in the order of the document; no key is there twice.
        case map([YAMLEntry])
    }

    /// The shape in words, for messages: "a list".
    package var kindName: String {
        switch value {
        case .null: "nothing"
        case .scalar: "a single value"
        case .list: "a list"
        case .map: "a map"
        }
    }
}
