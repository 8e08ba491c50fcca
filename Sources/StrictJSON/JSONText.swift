import Base

extension JSONValue {
  /// The text on several lines, two blanks a level, members in the order given.
  package var text: String {
    var out = ""
    write(to: &out, indent: 0)
    return out
  }

  /// The text on one line, for one event a line.
  package var line: String {
    var out = ""
    write(to: &out, indent: nil)
    return out
  }

  private func write(to out: inout String, indent: Int?) {
    switch self {
    case .object(let members):
      let present = members.compactMap { key, value in value.map { (key, $0) } }
      Self.writeList(present, "{", "}", to: &out, indent) { member, inner, out in
        Self.writeString(member.0, to: &out)
        out += inner == nil ? ":" : ": "
        member.1.write(to: &out, indent: inner)
      }
    case .array(let items):
      Self.writeList(items, "[", "]", to: &out, indent) { item, inner, out in item.write(to: &out, indent: inner) }
    case .string(let value): Self.writeString(value, to: &out)
    case .int(let value): out += String(value)
    case .decimal(let text): out += text
    case .bool(let value): out += value ? "true" : "false"
    case .null: out += "null"
    }
  }

  private static func writeList<Item>(
    _ items: [Item], _ open: String, _ close: String, to out: inout String, _ indent: Int?,
    _ writeItem: (Item, Int?, inout String) -> Void
  ) {
    guard !items.isEmpty else {
      out += open + close
      return
    }
    out += open
    let inner = indent.map { $0 + 2 }
    for (index, item) in items.enumerated() {
      if index > 0 { out += "," }
      if let inner { out += "\n" + String(repeating: " ", count: inner) }
      writeItem(item, inner, &out)
    }
    if let indent { out += "\n" + String(repeating: " ", count: indent) }
    out += close
  }

  private static func writeString(_ value: String, to out: inout String) {
    out += "\""
    // Nearly every text: nothing in it to escape.
    if value.utf8.allSatisfy({ (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
      out += value + "\""
      return
    }
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      default:
        // Control and format characters (bidirectional overrides among them) are escaped: the text may end on a terminal.
        let category = scalar.properties.generalCategory
        if category == .control || category == .format || category == .lineSeparator || category == .paragraphSeparator
        {
          for unit in String(scalar).utf16 {
            out += "\\u" + lowerHexText(UInt(unit), digits: 4)
          }
        } else {
          out.unicodeScalars.append(scalar)
        }
      }
    }
    out += "\""
  }
}
