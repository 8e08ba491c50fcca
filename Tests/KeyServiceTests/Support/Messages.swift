/// A message of each protocol that is answered as it stands, by the adapter's name; where they ask for a signature the
/// holder has to be asked first.
enum Messages {
  static func soap(_ function: String, _ arguments: String = "") -> [UInt8] {
    Array(
      """
      <?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">\
      <soap:Body><\(function) xmlns="http://tempuri.org">\(arguments)</\(function)></soap:Body></soap:Envelope>
      """.utf8)
  }

  static let samples: [String: [[UInt8]]] = [
    "szca-soap": [
      soap("SZCAGetCertList"), soap("SZCASignMessage", "<inData>YWJj</inData><bDetach>1</bDetach>"),
      soap("SZCAParseCertData", "<certData>TUlJ</certData><nType>49</nType>"),
    ],
    "szca-socket": [
      #"{"fun":"enumKey","arguments":{"requestID":"enumKey-1","applyID":"1"}}"#,
      #"{"fun":"signP7","arguments":{"requestID":"a","plaintextData":"YQ==","detached":true}}"#,
      #"{"fun":"analyseCert","arguments":{"requestID":"a","certData":"MIIB","extends":"1.2.156.1002"}}"#,
    ].map { Array($0.utf8) },
    "mtoken": [
      #"json={"function":"SOF_GetUserList"}"#, #"json={"function":"SOF_SignDataEx","keySpec":1,"inData":"YQ=="}"#,
      "json=%7B%22function%22%3A%22SOF_GetCertInfo%22%2C%22base64EncodeCert%22%3A%22MIIB%22%2C%22type%22%3A54%7D",
    ].map { Array($0.utf8) },
    "xtx": [
      #"{"cookie":"","xtx_func_name":"SOF_GetUserList","call_cmd_id":"i","param":[]}"#,
      #"{"xtx_func_name":"SOF_SignData","call_cmd_id":"i","param":["id","text"]}"#,
      #"{"xtx_func_name":"SOF_GetCertInfo","call_cmd_id":"i","param":["MIIB",17]}"#,
    ].map { Array($0.utf8) },
    "ukey": [
      #"{"id":1,"function":"certificates"}"#, #"{"id":1,"function":"sign","form":"bare","data":"YQ=="}"#,
      #"{"id":"a","function":"verify","signature":"MEU=","data":"YQ==","certificate":"MIIB"}"#,
      #"{"id":2,"function":"certificateInformation","oid":"1.2.156.10260.4.1.4"}"#,
    ].map { Array($0.utf8) },
  ]
}
