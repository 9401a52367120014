/// What a proxy does to one request.
enum Fault: Sendable {
    case none
    /// Resets the connection after so many bytes of the request.
    case resetUp(after: Int)
    /// Resets it after so many bytes of the answer.
    case resetDown(after: Int)
    /// Ends it in an orderly way after so many bytes of the answer, as a server that dies does.
    case cutDown(after: Int)
    /// Passes nothing more on, without a word.
    case stallUp(after: Int)
    case stallDown(after: Int)
    /// Changes the byte at this place.
    case corruptUp(at: Int)
    case corruptDown(at: Int)
    /// Passes the body of the answer on byte by byte, with so much time between them.
    case dripDown(milliseconds: Int)
    /// Passes no more than this on per second.
    case slowUp(bytesPerSecond: Int)
    case slowDown(bytesPerSecond: Int)
    /// Passes the beginning of the answer on so much later.
    case lateDown(milliseconds: Int)
    /// Answers itself; the server hears nothing.
    case answer(String)

    /// An answer without a body.
    static func status(_ line: String, headers: String = "") -> Fault {
        .answer("HTTP/1.1 \(line)\r\n\(headers)Content-Length: 0\r\nConnection: close\r\n\r\n")
    }
}
