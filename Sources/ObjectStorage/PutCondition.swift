/// When an object may be put.
package enum PutCondition: Sendable, Equatable {
    /// Whether or not there is one already.
    case always
    /// Only if there is none; of several that try at once one wins.
    case ifAbsent
    /// Only if the present one has this etag; of several that try at once one wins.
    case ifMatch(etag: String)
}
