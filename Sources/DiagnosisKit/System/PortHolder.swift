import TokenKit

/// Who listens at a TCP port of this machine, as far as it can be seen from here.
package struct PortHolder: Sendable, Equatable {
  /// Name of the user, or his number.
  package var user: String
  /// `nil` for another user's program, which only root sees.
  package var pid: Int32?
  /// As the kernel calls it, cut to 15 bytes; not made safe to show.
  package var program: String?

  package init(user: String, pid: Int32?, program: String?) {
    self.user = user
    self.pid = pid
    self.program = program
  }

  /// Everyone who listens at one of these ports, by port.
  package static func of(_ ports: Set<UInt16>) -> [UInt16: [PortHolder]] {
    let sockets = ListeningPort.all().filter { ports.contains($0.port) }
    return Dictionary(grouping: sockets, by: \.port).mapValues { sockets in
      var holders: [PortHolder] = []
      for user in Set(sockets.map(\.user)).sorted() {
        let processes = socketOwners(Set(sockets.filter { $0.user == user }.map(\.inode)))
        let name = accountName(user)
        if processes.isEmpty { holders.append(PortHolder(user: name, pid: nil, program: nil)) }
        holders += processes.map { PortHolder(user: name, pid: $0.pid, program: $0.name) }
      }
      return holders
    }
  }
}
