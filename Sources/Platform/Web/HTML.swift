internal import Base

/// Markup. Text becomes it only by being escaped; there is no way from a string to markup but the names that this module
/// writes down itself.
struct HTML: Sendable, Equatable {
  fileprivate(set) var markup: String

  /// Text of anybody. What would reorder a line or be seen by nobody, as names of certificates and headers may have it, shows as
  /// U+FFFD.
  static func text(_ text: String) -> HTML {
    let scalars = text.unicodeScalars
    if scalars.allSatisfy({ isPrinting($0) || $0 == "\n" }) { return HTML(markup: markupEscaped(text)) }
    var seen = String.UnicodeScalarView()
    for scalar in scalars { seen.append(isPrinting(scalar) ? scalar : "\u{FFFD}") }
    return HTML(markup: markupEscaped(String(seen)))
  }

  static let empty = HTML(markup: "")

  /// What is written in this module: names of elements and attributes are literals.
  fileprivate init(markup: String) { self.markup = markup }
}

@resultBuilder
enum HTMLBuilder {
  static func buildExpression(_ text: String) -> HTML { .text(text) }
  static func buildExpression(_ html: HTML) -> HTML { html }
  static func buildExpression(_ html: HTML?) -> HTML { html ?? .empty }
  static func buildBlock(_ parts: HTML...) -> HTML { HTML(markup: parts.map(\.markup).joined()) }
  static func buildOptional(_ part: HTML?) -> HTML { part ?? .empty }
  static func buildEither(first: HTML) -> HTML { first }
  static func buildEither(second: HTML) -> HTML { second }
  static func buildArray(_ parts: [HTML]) -> HTML { HTML(markup: parts.map(\.markup).joined()) }
}

/// An attribute; one without value (`nil`) is left out, one with an empty value stands alone.
struct Attribute: Sendable {
  var name: StaticString
  var value: String?

  init(_ name: StaticString, _ value: String?) {
    self.name = name
    self.value = value
  }

  /// Present or not: `required`, `disabled`.
  init(_ name: StaticString, if isThere: Bool) {
    self.name = name
    value = isThere ? "" : nil
  }
}

private let voidElements: Set<String> = ["input", "meta", "link", "br", "hr", "img"]

/// An element. Attributes are escaped and quoted.
func h(_ name: StaticString, _ attributes: [Attribute] = [], @HTMLBuilder _ content: () -> HTML = { .empty }) -> HTML {
  var markup = "<\(name)"
  for attribute in attributes {
    guard let value = attribute.value else { continue }
    markup += value.isEmpty ? " \(attribute.name)" : " \(attribute.name)=\"\(markupEscaped(value))\""
  }
  markup += ">"
  if !voidElements.contains("\(name)") { markup += content().markup + "</\(name)>" }
  return HTML(markup: markup)
}

/// With a class alone, which is what most have.
func h(_ name: StaticString, _ style: String, @HTMLBuilder _ content: () -> HTML = { .empty }) -> HTML {
  h(name, [Attribute("class", style)], content)
}

/// A whole document.
func document(_ content: HTML) -> [UInt8] { Array(("<!doctype html>\n" + content.markup + "\n").utf8) }
