/// A path as people give it: typed, pasted from a shell or a page, or dropped on the terminal, which puts it in quotes or
/// escapes its blanks and adds one behind it.
///
/// - Returns: the path itself; what is no such form stays as it is.
package func typedPath(_ text: String) -> String {
  var scalars = Array(text.unicodeScalars)
  func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" || scalar == "\u{3000}" }
  while let last = scalars.last, isBlank(last), scalars.dropLast().last != "\\" { scalars.removeLast() }
  while let first = scalars.first, isBlank(first) { scalars.removeFirst() }
  if scalars.count >= 2, let quote = scalars.first, quote == "'" || quote == "\"", scalars.last == quote {
    scalars = Array(scalars.dropFirst().dropLast())
    // How a shell writes a ' within '…'.
    return withoutAddress(String(scalars).replacingAll("'\\''", "'"))
  }
  let path = withoutAddress(String(scalars))
  if path != String(scalars) { return path }
  guard scalars.first == "/" || scalars.first == "~" else { return path }
  return String(unescaped(scalars))
}

/// `file://` and its %XX.
private func withoutAddress(_ text: String) -> String {
  for prefix in ["file://localhost/", "file:///"] where text.hasPrefix(prefix) {
    var bytes: [UInt8] = []
    var rest = text.utf8.dropFirst(prefix.utf8.count - 1)
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
        rest.count >= 2
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
  return text
}

private func unescaped(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
  var result: [Unicode.Scalar] = []
  var isEscaped = false
  for scalar in scalars {
    if scalar == "\\", !isEscaped {
      isEscaped = true
    } else {
      result.append(scalar)
      isEscaped = false
    }
  }
  if isEscaped { result.append("\\") }
  return result
}

extension String {
  fileprivate init(_ scalars: [Unicode.Scalar]) {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    self.init(view)
  }

  fileprivate func replacingAll(_ old: String, _ new: String) -> String {
    var result: [UInt8] = []
    var rest = Array(utf8)[...]
    let wanted = Array(old.utf8)
    while let byte = rest.first {
      if rest.starts(with: wanted) {
        result += Array(new.utf8)
        rest = rest.dropFirst(wanted.count)
      } else {
        result.append(byte)
        rest = rest.dropFirst()
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
