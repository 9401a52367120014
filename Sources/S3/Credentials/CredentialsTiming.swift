/// When to look for new credentials.
struct CredentialsTiming: Sendable {
    /// Seconds before the end when new ones are looked for in the background; AWS has them ready five minutes before.
    var mayRefresh: Int64 = 300
    /// Seconds before the end when the old ones are not used any more: a request with them might arrive too late.
    var mustRefresh: Int64 = 60
    /// How often to look whether those without an end were rotated.
    var recheck = Duration.seconds(60)
    /// How long to leave a failing source alone while the old ones are valid.
    var afterFailure = Duration.seconds(10)
    /// How old those must be that the server refuses, to look for others: not for each request with a wrong key.
    var afterRefusal = Duration.seconds(1)
    /// How long one look-up may take, all sources together.
    var limit = Duration.seconds(15)
}
