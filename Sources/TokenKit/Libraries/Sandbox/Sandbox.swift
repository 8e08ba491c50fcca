/// How far a vendor's library is kept to itself, from the configuration: `sandbox=` behind its path.
package enum Sandbox: String, Sendable, CaseIterable {
  /// What libraries for keys were seen to need and no more: nothing of the home folder but what `files=` names, only known
  /// system calls.
  case strict
  /// No network, no terminal, no other programs or processes, no secrets of others; everything else stays allowed.
  case relaxed
  /// A process of its own, and no more.
  case off
}

/// What is in force in a library's process; it cannot be undone by what is loaded afterwards.
package struct Confinement: OptionSet, Sendable, Hashable {
  package let rawValue: UInt64

  package init(rawValue: UInt64) { self.rawValue = rawValue }

  /// A session of its own: no terminal, no signal from one.
  package static let session = Confinement(rawValue: 1)
  /// No more rights by starting a program, none of root's capabilities.
  package static let privileges = Confinement(rawValue: 2)
  /// Memory, files, processor time, no core dump.
  package static let limits = Confinement(rawValue: 4)
  /// Landlock: other programs' files and processes.
  package static let files = Confinement(rawValue: 8)
  /// seccomp: network, programs, processes, the machine.
  package static let calls = Confinement(rawValue: 16)

  /// All that this program tries for a library.
  package static func wanted(_ sandbox: Sandbox) -> Confinement {
    sandbox == .off ? [.session] : [.session, .privileges, .limits, .files, .calls]
  }

  /// Each by itself, in the order in which they are told.
  package static let parts: [(name: String, part: Confinement)] = [
    ("session", .session), ("privileges", .privileges), ("limits", .limits), ("files", .files), ("calls", .calls),
  ]
}
