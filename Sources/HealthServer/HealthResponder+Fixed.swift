import HTTPTypes

extension HealthResponder {
    static let tooLong = Answer(
        .uriTooLong, text: "no address here is longer than \(RequestTarget.maximumLength) bytes\n")

    static let notFound = Answer(
        .notFound, text: "there is nothing at this address; what there is:\n\(list(Route.addresses))")

    static let notAllowed = Answer(
        .methodNotAllowed, text: "only GET and HEAD are answered here\n", extra: [.allow: "GET, HEAD"])

    static let home = Answer(.found, text: "see /status\n", extra: [.location: "/status"])

    // A literal of the form that names of fields have; the name is not one that the library lists.
    static let referrerPolicy = HTTPField.Name("Referrer-Policy") ?? .referer

    private static func list(_ addresses: [String]) -> String { addresses.map { "\($0)\n" }.joined() }
}
