import CLibSSH
import Glibc

/// Whether the client is still there.
extension Connection {
    /// Asks for a sign of life if the client has been silent, and gives up when it has been for too long.
    ///
    /// - Returns: When to look again.
    func keepAlive() -> Duration {
        let interval = configuration.keepAliveInterval
        // Before the login there is another limit, and a client need not know the question yet.
        guard userName != nil, let session = unsafe session, let silence = unsafe silence(session) else {
            return interval
        }
        if unsafe traffic.pointee.in_bytes != heard {
            unsafe heard = traffic.pointee.in_bytes
            unanswered = 0
        }
        guard silence >= interval else { return interval - silence }
        if unanswered > 0, silence >= interval * configuration.keepAliveCount {
            end(.silent)
            return interval
        }
        unanswered += 1
        // Twice, as libssh 0.10.6 only notes the last answer when it is called again, and does not ask then. While a
        // question is on its way neither call does anything: TCP repeats it.
        unsafe ssh_send_keepalive(session)
        unsafe ssh_send_keepalive(session)
        return interval
    }

    /// How long nothing has come: the kernel knows.
    private func silence(_ session: ssh_session) -> Duration? {
        var information = tcp_info()
        var length = socklen_t(MemoryLayout<tcp_info>.size)
        guard unsafe getsockopt(ssh_get_fd(session), Int32(IPPROTO_TCP), TCP_INFO, &information, &length) == 0 else {
            return nil
        }
        return .milliseconds(Int64(information.tcpi_last_data_recv))
    }
}
