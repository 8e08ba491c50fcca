/// A line's own marks: `**strong**`, `` `code` ``, `[words](place)`.
struct GuideText {
  private enum Piece { case text(String), strong(String), code(String), link(String) }

  private var pieces: [Piece] = []

  init(_ text: String) {
    var rest = text[...]
    var plain = ""
    func found(_ open: String, _ close: String) -> Substring? {
      guard rest.hasPrefix(open) else { return nil }
      let inside = rest.dropFirst(open.count)
      guard let end = inside.indices.first(where: { inside[$0...].hasPrefix(close) }) else { return nil }
      return inside[..<end]
    }
    while let first = rest.first {
      var piece: Piece?
      var length = 0
      if let strong = found("**", "**") {
        (piece, length) = (.strong(String(strong)), strong.count + 4)
      } else if let code = found("`", "`") {
        (piece, length) = (.code(String(code)), code.count + 2)
      } else if let words = found("[", "]("), let place = rest.dropFirst(words.count + 3).firstIndex(of: ")") {
        (piece, length) = (.link(String(words)), rest[..<place].count + 1)
      }
      guard let piece else {
        plain.append(first)
        rest = rest.dropFirst()
        continue
      }
      if !plain.isEmpty { pieces.append(.text(plain)) }
      plain = ""
      pieces.append(piece)
      rest = rest.dropFirst(length)
    }
    if !plain.isEmpty { pieces.append(.text(plain)) }
  }

  var plain: String {
    var result = ""
    for piece in pieces {
      switch piece {
      case .text(let text), .code(let text): result += text
      case .strong(let text), .link(let text): result += GuideText(text).plain
      }
    }
    return result
  }

  var html: String {
    var result = ""
    for piece in pieces {
      switch piece {
      case .text(let text): result += escape(text)
      case .strong(let text): result += "<strong>" + GuideText(text).html + "</strong>"
      case .code(let text): result += "<code>" + escape(text) + "</code>"
      case .link(let text): result += GuideText(text).html
      }
    }
    return result
  }
}
