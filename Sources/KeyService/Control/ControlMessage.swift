package import LoginToken
package import StrictJSON
package import TokenKit

/// What the key service says to the holder's own programs. `id` is that of a question.
package enum ServiceMessage: Sendable, Equatable {
  /// The first, to everyone.
  case welcome(version: String)
  /// May this origin? Answered by ``ClientMessage/shown(_:)`` at once, then ``ClientMessage/granted(_:_:)`` or `ended`.
  case permit(Int, PermissionQuestion)
  /// Have the PIN typed. Answered by `shown` at once, then `typed` or `ended`.
  case pin(Int, PINQuestion)
  /// The question is over: the page went, the key went, it took too long.
  case withdraw(Int)
  /// Use the PIN that was typed for this question, within the consent that was given with it. Answered by `outcome`.
  case verify(Int)
  case sign(Int, [UInt8])
  /// Overwrite the PIN that was typed for this question.
  case end(Int)
  /// Show the dialog for changing the PIN, because this page's visitor asked for it. Answered by `shown` or `ended`.
  case openPINChange(Int, WebOrigin)
  case status(ServiceStatus)
  /// A command was carried out, or not.
  case done(Bool)
}

/// What the holder's own programs say to the key service.
package enum ClientMessage: Sendable, Equatable {
  /// This is a manager with a window: it takes questions from now on.
  case manager
  /// The question is on the screen.
  case shown(Int)
  case granted(Int, Permissions)
  case typed(Int)
  case ended(Int, PromptEnd)
  case outcome(Int, SignOutcome)
  /// The state, as soon as it is another than the one of this revision; 0: at once.
  case status(after: Int)
  case revoke(WebOrigin)
  /// Few tries are left and the holder wants this page's next request nevertheless.
  case allowFewTries(WebOrigin)
  /// Read anew which interfaces are on, and open their ports.
  case reload
  case stop
}

// MARK: As JSON

extension ServiceMessage {
  package var json: JSONValue {
    switch self {
    case .welcome(let version):
      .object([("say", "welcome"), ("protocol", "ukey.control/1"), ("version", .string(version))])
    case .permit(let id, let question):
      .object([
        ("say", "permit"), ("id", .int(id)), ("origin", .string(question.origin.description)),
        ("adapter", .string(question.adapter)), ("may", .array(question.permissions.names.map { .string($0) })),
      ])
    case .pin(let id, let question): .object([("say", "pin"), ("id", .int(id)), ("question", question.json)])
    case .withdraw(let id): .object([("say", "withdraw"), ("id", .int(id))])
    case .verify(let id): .object([("say", "verify"), ("id", .int(id))])
    case .sign(let id, let message): .object([("say", "sign"), ("id", .int(id)), ("message", .bytes(message))])
    case .end(let id): .object([("say", "end"), ("id", .int(id))])
    case .openPINChange(let id, let origin):
      .object([("say", "openPINChange"), ("id", .int(id)), ("origin", .string(origin.description))])
    case .status(let status): .object([("say", "status"), ("status", status.json)])
    case .done(let isDone): .object([("say", "done"), ("done", .bool(isDone))])
    }
  }

  /// `nil` for anything else.
  package init?(_ json: JSONValue) {
    let id = json["id"]?.intValue ?? 0
    switch json["say"]?.stringValue {
    case "welcome":
      guard json["protocol"]?.stringValue == "ukey.control/1", let version = json["version"]?.stringValue else {
        return nil
      }
      self = .welcome(version: version)
    case "permit":
      guard let origin = json["origin"]?.origin, let adapter = json["adapter"]?.stringValue,
        let permissions = json["may"]?.permissions
      else { return nil }
      self = .permit(id, PermissionQuestion(origin: origin, adapter: adapter, permissions: permissions))
    case "pin":
      guard let question = json["question"].flatMap({ PINQuestion($0) }) else { return nil }
      self = .pin(id, question)
    case "withdraw": self = .withdraw(id)
    case "verify": self = .verify(id)
    case "sign":
      guard let message = json["message"]?.bytesValue else { return nil }
      self = .sign(id, message)
    case "end": self = .end(id)
    case "openPINChange":
      guard let origin = json["origin"]?.origin else { return nil }
      self = .openPINChange(id, origin)
    case "status":
      guard let status = json["status"].flatMap({ ServiceStatus($0) }) else { return nil }
      self = .status(status)
    case "done": self = .done(json["done"]?.boolValue ?? false)
    default: return nil
    }
  }
}

extension ClientMessage {
  package var json: JSONValue {
    switch self {
    case .manager: .object([("say", "manager")])
    case .shown(let id): .object([("say", "shown"), ("id", .int(id))])
    case .granted(let id, let permissions):
      .object([("say", "granted"), ("id", .int(id)), ("may", .array(permissions.names.map { .string($0) }))])
    case .typed(let id): .object([("say", "typed"), ("id", .int(id))])
    case .ended(let id, let end): .object([("say", "ended"), ("id", .int(id)), ("why", .string(end.rawValue))])
    case .outcome(let id, let outcome): .object([("say", "outcome"), ("id", .int(id)), ("outcome", outcome.json)])
    case .status(let revision): .object([("say", "status"), ("after", .int(revision))])
    case .revoke(let origin): .object([("say", "revoke"), ("origin", .string(origin.description))])
    case .allowFewTries(let origin): .object([("say", "allowFewTries"), ("origin", .string(origin.description))])
    case .reload: .object([("say", "reload")])
    case .stop: .object([("say", "stop")])
    }
  }

  /// `nil` for anything else.
  package init?(_ json: JSONValue) {
    let id = json["id"]?.intValue ?? 0
    switch json["say"]?.stringValue {
    case "manager": self = .manager
    case "shown": self = .shown(id)
    case "granted":
      guard let permissions = json["may"]?.permissions else { return nil }
      self = .granted(id, permissions)
    case "typed": self = .typed(id)
    case "ended":
      guard let end = json["why"]?.stringValue.flatMap(PromptEnd.init(rawValue:)) else { return nil }
      self = .ended(id, end)
    case "outcome":
      guard let outcome = json["outcome"].flatMap({ SignOutcome($0) }) else { return nil }
      self = .outcome(id, outcome)
    case "status": self = .status(after: json["after"]?.intValue ?? 0)
    case "revoke":
      guard let origin = json["origin"]?.origin else { return nil }
      self = .revoke(origin)
    case "allowFewTries":
      guard let origin = json["origin"]?.origin else { return nil }
      self = .allowFewTries(origin)
    case "reload": self = .reload
    case "stop": self = .stop
    default: return nil
    }
  }
}
