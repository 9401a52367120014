import Foundation
import TestSupport
import Testing

@testable import S3

/// No server at hand checks all that a signature covers, so the signer has to agree with the one of AWS's own library.
@Suite("SigV4 and botocore")
struct BotocoreTests {
    private struct Case: Codable {
        var method: String
        var host: String
        var key: String
        var query: [[String]]
        var headers: [[String]]
        var hash: String
        var region: String
        var accessKey: String
        var secretKey: String
        var token: String?
        var time: String
        var lifetime: Int64
    }

    private struct Answer: Codable {
        let path: String
        let authorization: String
        let presigned: String
    }

    /// Signs each case with botocore; times are given, not the clock's.
    private static let script = """
        import datetime, json, sys
        import botocore.auth, botocore.utils
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials

        answers = []
        for case in json.load(open(sys.argv[1])):
            now = datetime.datetime.strptime(case["time"], "%Y%m%dT%H%M%SZ")
            botocore.auth.get_current_datetime = lambda *rest, **named: now
            credentials = Credentials(case["accessKey"], case["secretKey"], case.get("token"))
            path = "/" + botocore.utils.percent_encode(case["key"], safe="/~")

            # The rest of a request's life is requests' business: only what is signed matters here.
            request = AWSRequest(case["method"], "https://" + case["host"] + path, params=case["query"])
            for name, value in case["headers"]:
                request.headers.add_header(name, value)
            request.headers["X-Amz-Date"] = case["time"]
            request.headers["X-Amz-Content-SHA256"] = case["hash"]
            if case.get("token"):
                request.headers["X-Amz-Security-Token"] = case["token"]
            request.context["timestamp"] = case["time"]
            signer = botocore.auth.S3SigV4Auth(credentials, "s3", case["region"])
            canonical = signer.canonical_request(request)
            signature = signer.signature(signer.string_to_sign(request, canonical), request)
            signer._inject_signature_to_request(request, signature)

            url = AWSRequest(case["method"], "https://" + case["host"] + path)
            url.params = dict(case["query"])
            botocore.auth.S3SigV4QueryAuth(credentials, "s3", case["region"], case["lifetime"]).add_auth(url)
            answers.append({"path": path, "authorization": request.headers["Authorization"], "presigned": url.url})
        json.dump(answers, sys.stdout)
        """

    @Test("signatures are botocore's, whatever the key, the headers and the query")
    func agreement() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        let cases = (0..<500).map { _ in Self.anyCase(&random) } + Self.awkwardCases(&random)
        let scratch = try TemporaryDirectory()
        try JSONEncoder().encode(cases).write(to: URL(fileURLWithPath: scratch("cases.json")))
        try scratch.write(Self.script, to: "sign.py")
        let python = try TestTools.python(beside: "moto_server")
        let result = try Tool.run([python, scratch("sign.py"), scratch("cases.json")])
        try #require(result.status == 0, "\(result.errors)")
        let answers = try JSONDecoder().decode([Answer].self, from: Data(result.output))
        try #require(answers.count == cases.count)
        for (item, answer) in zip(cases, answers) {
            let (path, authorization, presigned) = try Self.sign(item)
            #expect(path == answer.path, "seed \(seed)")
            #expect(authorization == answer.authorization, "seed \(seed): \(item)")
            #expect(Self.parts(presigned) == Self.parts(answer.presigned), "seed \(seed): \(item)")
        }
    }

    private static func sign(_ item: Case) throws -> (path: String, authorization: String, presigned: String) {
        let endpoint = try S3Endpoint("https://" + item.host, region: item.region, bucket: "bucket", pathStyle: false)
        let path = endpoint.path(item.key)
        let credentials = S3Credentials(
            accessKey: item.accessKey, secretKey: item.secretKey, sessionToken: item.token)
        let query = item.query.map { (name: $0[0], value: $0[1]) }
        var headers = item.headers.map { (name: $0[0], value: $0[1]) }
        headers += [("host", item.host), ("x-amz-date", item.time), ("x-amz-content-sha256", item.hash)]
        if let token = item.token { headers.append(("x-amz-security-token", token)) }
        let request = CanonicalRequest(
            method: item.method, path: path, query: query, headers: headers, payloadHash: item.hash)
        let signer = SignatureV4(region: item.region)
        let text = item.time
        let digits = Array(text)
        let iso =
            "\(String(digits[0..<4]))-\(String(digits[4..<6]))-\(String(digits[6..<8]))T"
            + "\(String(digits[9..<11])):\(String(digits[11..<13])):\(String(digits[13..<15]))Z"
        let time = try #require(UnixTime(iso8601: iso))
        #expect(time.basicText == text)
        let presigned = signer.presignedQuery(
            method: item.method, path: path, headers: [("host", item.host)], query: query, credentials, at: time,
            lifetime: item.lifetime)
        return (
            path, signer.authorization(for: request, credentials, at: time), "https://\(item.host)\(path)?\(presigned)"
        )
    }

    /// A URL without the order of its parameters, which is free.
    private static func parts(_ url: String) -> [String] {
        let pieces = url.split(separator: "?", maxSplits: 1)
        return [String(pieces[0])] + pieces[1].split(separator: "&").map(String.init).sorted()
    }

    // MARK: Cases

    /// Each awkward byte by itself in a key, a query and a header.
    private static func awkwardCases(_ random: inout SeededGenerator) -> [Case] {
        (UInt8.min...127).map { byte in
            var item = anyCase(&random)
            let character = String(UnicodeScalar(byte))
            item.key = "a\(character)b/\(character)\(character)"
            item.query = [["q\(character)", character], ["z", "\(character) \(character)"]]
            if (0x20...0x7e).contains(byte) { item.headers.append(["x-amz-meta-b", "\(character)x  \(character)"]) }
            return item
        }
    }

    private static func anyCase(_ random: inout SeededGenerator) -> Case {
        let count = Int.random(in: 0...4, using: &random)
        // A mapping, because botocore has one: each name once.
        var query: [String: String] = [:]
        for _ in 0..<count { query[anyText(1...6, &random)] = anyText(0...12, &random) }
        let headers = (0..<Int.random(in: 0...4, using: &random)).map { index in
            [
                ["X-Amz-Meta-", "x-amz-meta-", "Range-"].randomElement(using: &random).map { "\($0)\(index % 3)" }
                    ?? "",
                anyHeader(&random),
            ]
        }
        let year = Int.random(in: 1971...2099, using: &random)
        let numbers = [1...12, 1...28, 0...23, 0...59, 0...59].map {
            String(Int.random(in: $0, using: &random) + 100).dropFirst()
        }
        return Case(
            method: ["GET", "PUT", "POST", "DELETE", "HEAD"].randomElement(using: &random) ?? "GET",
            host: "bucket.s3.example.org" + (Bool.random(using: &random) ? ":9000" : ""),
            key: anyText(1...30, &random), query: query.map { [$0.key, $0.value] }.shuffled(using: &random),
            headers: headers, hash: (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }.hex,
            region: ["us-east-1", "eu-central-1", "auto"].randomElement(using: &random) ?? "us-east-1",
            accessKey: "AKIA\(anyWord(&random))", secretKey: anyWord(&random) + "/+=" + anyWord(&random),
            token: Bool.random(using: &random) ? anyWord(&random) + "/+==" : nil,
            time: "\(year)\(numbers[0])\(numbers[1])T\(numbers[2])\(numbers[3])\(numbers[4])Z",
            lifetime: Int64.random(in: 1...604_800, using: &random))
    }

    private static func anyWord(_ random: inout SeededGenerator) -> String {
        String((0..<12).map { _ in "ABCDEFGHabcdefgh0123456789".randomElement(using: &random) ?? "A" })
    }

    /// Mostly what has to be encoded.
    private static func anyText(_ length: ClosedRange<Int>, _ random: inout SeededGenerator) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: length, using: &random) {
            let range: ClosedRange<UInt32> =
                switch Int.random(in: 0...9, using: &random) {
                case 0...4: 0x20...0x7e
                case 5: 0x00...0x1f
                case 6: 0x41...0x5a
                case 7: 0x7f...0x7ff
                case 8: 0x800...0xd7ff
                default: 0x10000...0x10ffff
                }
            if let scalar = UnicodeScalar(UInt32.random(in: range, using: &random)) { text.append(scalar) }
        }
        // A path that begins with two slashes is another host to Python's URL parser.
        return text.first == "/" || text.isEmpty ? "k" + String(text) : String(text)
    }

    private static func anyHeader(_ random: inout SeededGenerator) -> String {
        String(
            (0..<Int.random(in: 1...20, using: &random)).map { _ in
                "  \tabcXYZ019!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~".randomElement(using: &random) ?? " "
            })
    }
}
