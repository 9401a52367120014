import PushPipeline
import SSHServer

/// An SSH channel is what the pipeline reads from and writes to.
extension SSHChannel: ClientChannel {}

/// Gives the requests of the SSH server to the pipeline.
struct PipelineHandler: RequestHandler {
    let commands: CommandHandler

    func handle(_ request: SSHRequest, on channel: SSHChannel) async -> Int32 {
        let command: [UInt8]? =
            switch request.kind {
            case .exec(let bytes): bytes
            case .shell: nil
            }
        return await commands.handle(
            ClientRequest(
                user: request.user, keyBlob: request.keyBlob, command: command, gitProtocol: request.gitProtocol,
                address: request.address,
                connectionID: request.connectionID),
            on: channel)
    }
}
