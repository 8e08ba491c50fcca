internal import LoginToken
internal import StrictJSON

/// What the service tells the holder's own programs of itself.
package struct ServiceStatus: Sendable, Equatable {
  /// What became of one port.
  package struct Port: Sendable, Equatable {
    package enum State: String, Sendable {
      case open
      /// Another program has it.
      case taken
      /// It needs a certificate and there is none.
      case noCertificate
      case failed
    }

    package var adapter: String
    package var number: Int
    package var isTLS: Bool
    /// `127.0.0.1` or `::1`.
    package var address: String
    package var state: State

    package init(adapter: String, number: Int, isTLS: Bool, address: String, state: State) {
      self.adapter = adapter
      self.number = number
      self.isTLS = isTLS
      self.address = address
      self.state = state
    }
  }

  /// Another one after each change.
  package var revision = 0
  package var version: String
  package var pid: Int
  /// Seconds since 1970-01-01 UTC.
  package var started: Int64
  package var ports: [Port]
  /// Newest first.
  package var grants: [Grant]
  /// Oldest first.
  package var log: [LogEntry]
  /// Where the holder would be asked now: name of a ``PromptProvider``; `nil`: nowhere.
  package var prompt: String?

  /// Entries of the log that are told, the newest.
  package static let logLimit = 200

  package init(
    version: String, pid: Int, started: Int64, ports: [Port], grants: [Grant], log: [LogEntry], prompt: String?
  ) {
    self.version = version
    self.pid = pid
    self.started = started
    self.ports = ports
    self.grants = grants
    self.log = log
    self.prompt = prompt
  }
}

extension ServiceStatus {
  var json: JSONValue {
    .object([
      ("revision", .int(revision)), ("version", .string(version)), ("pid", .int(pid)), ("started", .int(Int(started))),
      ("prompt", prompt.map { .string($0) }),
      (
        "ports",
        .array(
          ports.map { port in
            .object([
              ("adapter", .string(port.adapter)), ("number", .int(port.number)), ("tls", .bool(port.isTLS)),
              ("address", .string(port.address)), ("state", .string(port.state.rawValue)),
            ])
          })
      ),
      ("origins", .array(grants.map(\.json))),
      (
        "log",
        .array(
          log.suffix(Self.logLimit).map { entry in
            .object([
              ("time", .int(Int(entry.time))), ("origin", .string(entry.origin)), ("adapter", .string(entry.adapter)),
              ("function", .string(entry.function)), ("outcome", .string(entry.outcome)),
            ])
          })
      ),
    ])
  }

  init?(_ json: JSONValue) {
    guard let revision = json["revision"]?.intValue, let version = json["version"]?.stringValue,
      let pid = json["pid"]?.intValue, let started = json["started"]?.intValue, let ports = json["ports"]?.arrayValue,
      let origins = json["origins"]?.arrayValue, let log = json["log"]?.arrayValue
    else { return nil }
    self.init(
      version: version, pid: pid, started: Int64(started), ports: ports.compactMap { Port($0) },
      grants: origins.compactMap { Grant($0) }, log: log.compactMap { LogEntry($0) },
      prompt: json["prompt"]?.stringValue)
    self.revision = revision
  }
}

extension ServiceStatus.Port {
  fileprivate init?(_ json: JSONValue) {
    guard let adapter = json["adapter"]?.stringValue, let number = json["number"]?.intValue,
      let isTLS = json["tls"]?.boolValue, let address = json["address"]?.stringValue,
      let state = json["state"]?.stringValue.flatMap(State.init(rawValue:))
    else { return nil }
    self.init(adapter: adapter, number: number, isTLS: isTLS, address: address, state: state)
  }
}

extension LogEntry {
  fileprivate init?(_ json: JSONValue) {
    guard let time = json["time"]?.intValue, let origin = json["origin"]?.stringValue,
      let adapter = json["adapter"]?.stringValue, let function = json["function"]?.stringValue,
      let outcome = json["outcome"]?.stringValue
    else { return nil }
    self.init(time: Int64(time), origin: origin, adapter: adapter, function: function, outcome: outcome)
  }
}
