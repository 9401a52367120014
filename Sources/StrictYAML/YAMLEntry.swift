/// One `key: value` of a YAML map, with the place of the key.
package struct YAMLEntry: Sendable, Equatable {
    package let key: String

    /// The line of the key, counted from 1.
    package let line: Int

    /// The column of the key, counted from 1 in Unicode scalars.
    package let column: Int

    package let value: YAMLNode
}
