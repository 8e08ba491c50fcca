/// A fault and when it strikes, as it is written on a command line.
package struct FaultRule: Sendable {
  package enum Trigger: Sendable, Equatable {
    /// The command with this number, counted from 1 since insertion.
    case number(Int)
    /// The first command with this instruction byte that carries data or asks for some.
    case instruction(UInt8)
    /// The write with this number to what survives power-off (``CuttingStore``).
    case write(Int)
  }

  package var trigger: Trigger
  package var fault: FaultCard.Fault
  /// The command is carried out before its answer is lost or spoilt; otherwise it never reaches the card.
  package var carriesOut: Bool

  package init(_ trigger: Trigger, _ fault: FaultCard.Fault, carriesOut: Bool) {
    self.trigger = trigger
    self.fault = fault
    self.carriesOut = carriesOut
  }

  /// The textual form, for help texts.
  package static let form =
    "n=NUMBER|ins=HEX|write=NUMBER,kind=remove|truncated|empty|status|garbage|reset|endless|hold|silence|trap[,when=instead|after][,bytes=N][,sw=HEX]"

  /// Reads ``form``; nil for anything else. `bytes` is how much of the answer a truncated one keeps (1 unless given),
  /// or how many bytes of AA are garbage (7 unless given); `sw` the word of `status`; `when` is `instead` unless given.
  package init?(text: String) {
    var values: [String: String] = [:]
    for item in text.split(separator: ",") {
      let parts = item.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, values.updateValue(parts[1], forKey: parts[0]) == nil else { return nil }
    }
    guard values.keys.allSatisfy(["n", "ins", "write", "kind", "when", "bytes", "sw"].contains) else { return nil }
    let bytes = values["bytes"].map { Int($0) }
    let word = values["sw"].map { UInt16($0, radix: 16) }
    guard bytes != .some(nil), word != .some(nil), (bytes ?? 0) ?? 0 >= 0, (bytes ?? 0) ?? 0 <= 65_536 else {
      return nil
    }
    switch (values["n"], values["ins"], values["write"]) {
    case (nil, nil, let number?):
      guard let number = Int(number), number > 0, values["kind"] == "remove" else { return nil }
      trigger = .write(number)
    case (let number?, nil, nil):
      guard let number = Int(number), number > 0 else { return nil }
      trigger = .number(number)
    case (nil, let instruction?, nil):
      guard let instruction = UInt8(instruction, radix: 16) else { return nil }
      trigger = .instruction(instruction)
    default: return nil
    }
    switch values["when"] ?? "instead" {
    case "instead": carriesOut = false
    case "after": carriesOut = true
    default: return nil
    }
    switch values["kind"] {
    case "remove": fault = carriesOut ? .removeAfter : .remove
    case "truncated": fault = .truncated((bytes ?? 1) ?? 1)
    case "empty": fault = .empty
    case "status":
      guard let word = word ?? nil else { return nil }
      fault = .status(word)
    case "garbage": fault = .garbage([UInt8](repeating: 0xAA, count: (bytes ?? 7) ?? 7))
    case "reset": fault = .reset
    case "endless": fault = .endless
    case "hold": fault = .hold
    case "silence": fault = .silence
    case "trap": fault = .trap
    default: return nil
    }
  }

  func isMet(by command: [UInt8], number: Int) -> Bool {
    switch trigger {
    case .number(let wanted): number == wanted
    case .write: false
    // Four or five bytes are a question (an empty VERIFY), not the command that acts.
    case .instruction(let wanted): command.count > 5 && command[1] == wanted
    }
  }
}
