/// What the API server itself says of a failure: the object `Status` of its answer.
///
/// Source: Kubernetes API reference, "Status v1 meta".
package struct APIStatus: Sendable, Equatable {
    /// The HTTP status code.
    package let code: Int
    /// One word for programs, as `AlreadyExists`; empty when the server gave none.
    package let reason: String
    /// A sentence for people, in one printable line; empty when the server gave none.
    package let message: String
    /// What is wrong with which field, at most ``maximumCauses`` of them.
    package let causes: [String]
    /// Whether the answer was an object `Status`: proxies and load balancers on the way have other words.
    let isObject: Bool

    static let maximumMessage = 1000
    static let maximumCauses = 8

    /// Makes a status.
    package init(
        code: Int, reason: String = "", message: String = "", causes: [String] = [], isObject: Bool = false
    ) {
        self.code = code
        self.reason = reason.printable(64)
        self.message = message.printable(Self.maximumMessage)
        self.causes = causes.prefix(Self.maximumCauses).map { $0.printable(200) }
        self.isObject = isObject
    }

    /// Reads an answer that is no success.
    ///
    /// - Parameters:
    ///   - code: The HTTP status.
    ///   - body: A `Status` usually, plain text from some handlers (the kubelet's), a page from a proxy on the way.
    init(code: Int, body: [UInt8]) {
        let value = try? JSON.decode(Wire.self, from: body, maximumSize: body.count)
        if let value, value.kind == "Status" {
            self.init(value, code: code)
            return
        }
        let text = String(decoding: body.prefix(Self.maximumMessage), as: UTF8.self)
        let isPage = text.contains("<") || text.contains("\u{0}")
        self.init(code: code, message: isPage ? "" : text)
    }

    /// Takes a decoded one, as watches send them.
    ///
    /// - Parameters:
    ///   - value: What was decoded.
    ///   - code: The HTTP status, for a `Status` that has none.
    init(_ value: Wire, code: Int) {
        self.init(
            code: value.code ?? code, reason: value.reason ?? "", message: value.message ?? "",
            causes: (value.details?.causes ?? []).compactMap { cause in
                [cause.field, cause.message].compactMap { $0 }.joined(separator: ": ")
            }, isObject: true)
    }

    /// The part of a `Status` that is read.
    struct Wire: Decodable {
        struct Details: Decodable {
            let causes: [Cause]?
            let retryAfterSeconds: Int?
        }

        struct Cause: Decodable {
            let field: String?
            let message: String?
        }

        let kind: String?
        let code: Int?
        let reason: String?
        let message: String?
        let details: Details?
    }
}
