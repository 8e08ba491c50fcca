import KeyService
import LoginToken
import NIOCore
import NIOHTTP1

/// One answer by HTTP.
struct Answer: Sendable {
  var status: HTTPResponseStatus
  var headers: HTTPHeaders
  var body: [UInt8]

  init(_ status: Int, _ body: [UInt8] = [], contentType: String? = nil, origin: WebOrigin? = nil) {
    self.status = HTTPResponseStatus(statusCode: status)
    self.body = body
    headers = HTTPHeaders([
      ("cache-control", "no-store"), ("x-content-type-options", "nosniff"),
      ("cross-origin-resource-policy", "cross-origin"), ("vary", "Origin"),
    ])
    if let contentType { headers.add(name: "content-type", value: contentType) }
    // Never *: the one that asked and was allowed.
    if let origin { headers.add(name: "access-control-allow-origin", value: origin.description) }
    if status != 204 { headers.add(name: "content-length", value: String(body.count)) }
  }

  /// A refusal whose reason the page may read only when it is one that is allowed here.
  static func refused(_ problem: RequestCheck.Problem) -> Answer {
    Answer(problem.status, Array(problem.rawValue.utf8), contentType: "text/plain; charset=utf-8")
  }

  static func refused(_ refusal: Refusal) -> Answer {
    Answer(403, Array(refusal.name.utf8), contentType: "text/plain; charset=utf-8")
  }

  static func preflight(_ origin: WebOrigin, asked: [String]) -> Answer {
    var answer = Answer(204, origin: origin)
    answer.headers.add(name: "access-control-allow-methods", value: "POST")
    let names = RequestCheck.allowedHeaders(asked.joined(separator: ","))
    if !names.isEmpty { answer.headers.add(name: "access-control-allow-headers", value: names) }
    answer.headers.add(name: "access-control-max-age", value: "600")
    return answer
  }
}
