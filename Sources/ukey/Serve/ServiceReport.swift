import Base
import DiagnosisKit
import Failures
import KeyService
import StrictJSON
import Wording

/// `ukey serve status`: the service as it is now, and who has a port that it does not get.
struct ServiceReport {
  /// `nil` where none runs.
  let status: ServiceStatus?
  let enabled: [String]
  let grants: [Grant]
  /// Every port of every interface, whether or not it is on.
  let ports: [Port]
  let language: Language

  struct Port {
    enum State: String {
      case open, taken, noCertificate, failed
      /// Its interface is off.
      case off
      /// Nobody has it, and the service does not run.
      case free
    }

    var adapter: String
    var number: Int
    var isTLS: Bool
    var state: State
    /// Others who listen there.
    var holders: [PortHolder]
  }

  /// - Throws: `UK-640` where the session has no folder in which it could be asked; `UK-612` when what is switched on or
  ///   allowed cannot be read.
  init(files: ServiceFiles, language: Language) throws(Failure) {
    self.language = language
    // Not looked at is not "not running".
    if files.control == nil { throw Failure(.keyServiceAbsent, context: "XDG_RUNTIME_DIR") }
    let client = try? ControlClient(files)
    status = try? client?.status()
    enabled = try AdapterChoice(path: files.adapters).enabled
    if let told = status?.grants { grants = told } else { grants = try GrantBook(path: files.grants).all }
    ports = Self.ports(status, enabled)
  }

  private static func ports(_ status: ServiceStatus?, _ enabled: [String]) -> [Port] {
    var ports: [Port] = []
    for adapter in Adapters.all(RefusalWords.texts) {
      let told = status?.ports.filter { $0.adapter == adapter.name } ?? []
      if told.isEmpty {
        let state: Port.State = enabled.contains(adapter.name) && status == nil ? .free : .off
        ports += adapter.ports.map {
          Port(adapter: adapter.name, number: Int($0.number), isTLS: $0.isTLS, state: state, holders: [])
        }
        continue
      }
      // A line a port: of its two addresses the one with which something is wrong.
      for port in told where !ports.contains(where: { $0.adapter == port.adapter && $0.number == port.number }) {
        let both = told.filter { $0.number == port.number }
        let worst = both.first { $0.state == .taken } ?? both.first { $0.state == .open } ?? port
        ports.append(
          Port(
            adapter: port.adapter, number: port.number, isTLS: port.isTLS,
            state: Port.State(rawValue: worst.state.rawValue) ?? .failed, holders: []))
      }
    }
    let holders = PortHolder.of(Set(ports.compactMap { UInt16(exactly: $0.number) }))
    for index in ports.indices where ports[index].state != .open {
      let found = UInt16(exactly: ports[index].number).flatMap { holders[$0] } ?? []
      ports[index].holders = found.filter { $0.pid.map { Int($0) } != status?.pid }
      if !ports[index].holders.isEmpty, ports[index].state == .free { ports[index].state = .taken }
    }
    return ports
  }

  var exit: ProgramExit { status == nil ? .serviceFault : .ok }
}

// MARK: For scripts

extension ServiceReport {
  var json: JSONValue {
    .object([
      ("schema", "ukey.serve-status/1"), ("time", documentTime()), ("running", .bool(status != nil)),
      ("pid", status.map { .int($0.pid) }),
      ("version", status.map { .string($0.version) }), ("started", status.map { .string(isoTime($0.started)) }),
      ("prompt", status.map { status in status.prompt.map { .string($0) } ?? .null }),
      ("enabled", .array(enabled.map { .string($0) })),
      (
        "ports",
        .array(
          ports.map { port in
            .object([
              ("adapter", .string(port.adapter)), ("port", .int(port.number)), ("tls", .bool(port.isTLS)),
              ("state", .string(port.state.rawValue)),
              (
                "holders",
                port.holders.isEmpty
                  ? nil
                  : .array(
                    port.holders.map { holder in
                      .object([
                        ("user", .string(holder.user)), ("pid", holder.pid.map { .int(Int($0)) }),
                        ("program", holder.program.map { .string($0) }),
                      ])
                    })
              ),
            ])
          })
      ),
      ("origins", .array(grants.map(\.document))),
    ])
  }
}

extension Grant {
  /// As documents show it: `granted` is in seconds, as the file has it, `grantedTime` the same moment.
  var document: JSONValue {
    guard case .object(let members) = json else { return json }
    return .object(members + [("grantedTime", .string(isoTime(granted)))])
  }
}

// MARK: For people

extension ServiceReport {
  var text: String {
    let words = ServiceWords[language]
    var lines: [String] = []
    if let status {
      lines.append(
        Symbol.present.before(words.title + "  " + words.running)
          + Punctuation[language].paren(
            "pid \(status.pid)" + Punctuation[language].comma + words.since + " " + LocalTime.text(status.started)))
      lines.append("  " + words.promptPlace + Punctuation[language].colon + words.prompt(status.prompt))
    } else {
      lines.append(Symbol.absent.before(words.title + "  " + words.notRunning))
      lines.append("  " + Symbol.next.before("ukey serve"))
    }
    lines += ["", words.interfaces]
    var last = ""
    for port in ports {
      let name = port.adapter == last ? "" : port.adapter
      last = port.adapter
      let number = String(port.number) + (port.isTLS ? " TLS" : "")
      lines.append("  " + pad(name, 12) + pad(number, 10) + words.text(port, language))
    }
    lines += ["", words.sites]
    if grants.isEmpty { lines.append("  " + Symbol.skipped.before(words.noSites)) }
    lines += grants.map { Self.line($0, language) }
    return lines.joined(separator: "\n")
  }

  static func line(_ grant: Grant, _ language: Language) -> String {
    "  "
      + [
        grant.origin.shown, grant.adapter, ServiceWords[language].may(grant.permissions, language),
        LocalTime.date(grant.granted),
      ].joined(separator: "  ")
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - textWidth(text)))
  }
}

extension ServiceWords {
  fileprivate func text(_ port: ServiceReport.Port, _ language: Language) -> String {
    let holders = port.holders.map { $0.text(language) }.joined(separator: Punctuation[language].comma)
    switch port.state {
    case .open: return Symbol.ok.before(open)
    case .taken: return Symbol.error.before(holders.isEmpty ? heldBySomeone : held(holders))
    case .noCertificate:
      return Symbol.skipped.before(noCertificate) + (holders.isEmpty ? "" : Punctuation[language].paren(held(holders)))
    case .failed: return Symbol.error.before(failed)
    case .off:
      return Symbol.skipped.before(switchedOff) + (holders.isEmpty ? "" : Punctuation[language].paren(held(holders)))
    case .free: return Symbol.skipped.before(free)
    }
  }
}
