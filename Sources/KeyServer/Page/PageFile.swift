import KeyService
import LoginToken

/// A file of the service's own page.
struct PageFile: Sendable {
  var contentType: String
  var bytes: [UInt8]

  /// Everything there is, by path.
  static let all: [String: PageFile] = [
    "/": PageFile(contentType: "text/html; charset=utf-8", bytes: PackageResources.index_html),
    "/page.css": PageFile(contentType: "text/css; charset=utf-8", bytes: PackageResources.page_css),
    "/page.js": script(PackageResources.page_js),
    "/words.js": script(PackageResources.words_js),
    "/ukey.js": script(PackageResources.ukey_js),
    "/ukey.d.ts": PageFile(contentType: "text/plain; charset=utf-8", bytes: PackageResources.ukey_d_ts),
    "/icon.svg": PageFile(contentType: "image/svg+xml", bytes: PackageResources.icon_svg),
  ]

  private static func script(_ bytes: [UInt8]) -> PageFile {
    PageFile(contentType: "text/javascript; charset=utf-8", bytes: bytes)
  }
}

extension Answer {
  /// With what keeps others from putting it into theirs.
  static func page(_ file: PageFile) -> Answer {
    var answer = Answer(200, file.bytes, contentType: file.contentType)
    answer.headers.replaceOrAdd(name: "cross-origin-resource-policy", value: "same-origin")
    answer.headers.add(
      name: "content-security-policy",
      value: """
        default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
        base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """)
    answer.headers.add(name: "referrer-policy", value: "no-referrer")
    return answer
  }

  static func check(_ reply: ProvingPage.Reply) -> Answer {
    var answer = Answer(200, Array(reply.json.text.utf8), contentType: "application/json")
    answer.headers.replaceOrAdd(name: "cross-origin-resource-policy", value: "same-origin")
    if let session = reply.session {
      answer.headers.add(name: "set-cookie", value: SelfLogin.cookie(session))
    }
    return answer
  }
}
