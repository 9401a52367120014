import AsyncHTTPClient
import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import SystemCalls

/// Why a transfer failed, without the URL, which is a secret.
struct TransferProblem: Error, Equatable {
    let reason: String
    /// Whether the same may succeed in a moment.
    let mayPass: Bool

    /// Of an answer that is no success.
    ///
    /// - Parameters:
    ///   - status: The HTTP status.
    ///   - body: Its explanation: XML of S3's, of which the code is looked for, or plain text.
    init(status: UInt, body: String = "") {
        switch status {
        // S3's name for a body that is not what Content-MD5 says.
        case 400 where body.contains("BadDigest"):
            self.init("what arrived at the object store is not what was sent", true)
        case 403: self.init("the object store refuses it (403): the URL's time is over, or its clock is wrong", false)
        case 404: self.init("the object store has no such object (404)", false)
        case 408, 429, 500...599: self.init("the object store is in trouble (\(status))", true)
        default: self.init("the object store answered \(status)", false)
        }
    }

    /// Of a request that was not answered.
    init(_ error: any Error) {
        switch error {
        case let error as HTTPClientError:
            self.init("the object store does not answer: \(error.shortDescription)", error != .invalidURL)
        case let error as NIOSSLError:
            self.init("the object store's certificate is not trusted: \("\(error)".oneLine(120))", false)
        case let error as NIOConnectionError:
            // Its description names the host.
            let cause = error.connectionErrors.first.map { "\($0.error)" } ?? "its name has no address"
            self.init("the object store cannot be reached: \(cause.oneLine(120))", true)
        case let error as IOError where [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, ETIMEDOUT].contains(error.errnoCode):
            self.init("the object store cannot be reached: \(ErrorNumber(error.errnoCode))", true)
        default: self.init("the connection to the object store broke: \("\(error)".oneLine(120))", true)
        }
    }

    private init(_ reason: String, _ mayPass: Bool) {
        self.reason = reason
        self.mayPass = mayPass
    }
}
