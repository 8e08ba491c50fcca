import Testing

@testable import DiagnosisKit

/// What is read of a page, and of what servers answer.
struct PageTests {
  @Test(arguments: [
    ("x='https://127.0.0.1:51245/alpha'", ["https://127.0.0.1:51245/alpha"]),
    ("new WebSocket(\"ws://localhost:23838\")", ["ws://127.0.0.1:23838"]),
    ("a='http://[::1]:9528/Service1.asmx?x'", ["http://127.0.0.1:9528/Service1.asmx"]),
    ("p=[21051,4];u='ws://127.0.0.1:'+p[0]", ["127.0.0.1:21051/xtxapp/"]),
    ("127.0.0.11:80 mylocalhost:81 localhosts:82", []),
    ("10.127.0.0.1:80", []), ("https://127.0.0.1:99999/", []), ("127.0.0.1", []), ("", []), ("51245", []),
  ])
  func callsAreFound(_ text: String, _ calls: [String]) { #expect(PageScan([text]).calls.map(\.text) == calls) }

  @Test func functionsOfServicesAreNamedOnce() {
    let scan = PageScan(["SOF_Login(SOF_Login, SZCAInit); SZCA; SZCAinit; SOF_; signP7; mySOF_Login"])
    #expect(scan.functions == ["SOF_Login", "SZCAInit", "signP7"])
    #expect(!scan.asksForActiveX)
    #expect(PageScan(["<object CLASSID='clsid:123'>"]).asksForActiveX)
  }

  @Test func extensionsAreFoundWhereTheyAreCalled() {
    let id = "abcdefghijklmnopabcdefghijklmnop"
    for call in ["chrome.runtime.sendMessage('\(id)')", "x='chrome-extension://\(id)/a'; y='\(id)'"] {
      #expect(PageScan([call]).extensions == [id])
    }
    #expect(PageScan(["id='\(id)'"]).extensions.isEmpty)
    for other in [id + "a", String(id.dropLast()), id.dropLast() + "q", id.uppercased()] {
      #expect(PageScan(["runtime.connect('\(other)')"]).extensions.isEmpty)
    }
  }

  /// What Chromium writes of an extension, in older and newer versions.
  @Test(arguments: [
    (#"{"state":1}"#, BrowserExtension.State.on), (#"{"state":0}"#, .off), (#"{"state":2}"#, .missing), ("{}", .on),
    (#"{"disable_reasons":[]}"#, .on), (#"{"disable_reasons":[1]}"#, .off), (#"{"disable_reasons":8192}"#, .off),
    (#"{"state":1,"disable_reasons":0}"#, .on),
  ])
  func extensionsAreOnOrOff(_ entry: String, _ state: BrowserExtension.State) {
    let text = #"{"extensions":{"settings":{"abc":\#(entry)}}}"#
    #expect(BrowserExtension.state(of: "abc", in: Array(text.utf8)) == state)
    #expect(BrowserExtension.state(of: "abd", in: Array(text.utf8)) == nil)
    #expect(BrowserExtension.state(of: "abc", in: Array(#"{"extensions":{"settings":[]}}"#.utf8)) == nil)
  }

  @Test func scriptsAreFoundHoweverTheyAreWritten() {
    let page = """
      <script src="a.js"></script><SCRIPT type=x SRC = 'b.js' ></SCRIPT><script src=c.js></script><script data-src="d.js">\
      </script><script>src="e.js"</script><script src=""></script><script src="f.js
      """
    #expect(PageScan.scripts(in: page) == ["a.js", "b.js", "c.js", "f.js"])
  }

  @Test(arguments: [
    ("https://a.cn/x/y.html", "z.js", "https://a.cn/x/z.js"),
    ("https://a.cn/x/y.html", "/z.js?v=1", "https://a.cn/z.js?v=1"),
    ("https://a.cn", "../z.js", "https://a.cn/z.js"), ("http://a.cn:81/", "//b.cn/z.js", "http://b.cn/z.js"),
    ("https://a.cn/", "http://c.cn/z.js", "http://c.cn/z.js"), ("/tmp/p/login.html", "js/../z.js?v=2", "/tmp/p/z.js"),
  ])
  func linksAreResolved(_ page: String, _ link: String, _ address: String) {
    #expect(PageAddress(page)?.resolving(link)?.text == address)
  }

  @Test(arguments: ["", "ftp://a.cn/", "https://", "https://user:x@a.cn/", "https://a.cn:0/", "http://a b/", "\u{1}"])
  func whatIsNoAddressIsRefused(_ text: String) { #expect(PageAddress(text) == nil) }

  @Test(arguments: ["data:text/javascript,1", "javascript:1", "", "ftp://a/"])
  func whatIsNotFetchedHasNoAddress(_ link: String) { #expect(PageAddress("https://a.cn/")?.resolving(link) == nil) }

  @Test func aSavedPageLeadsToNoOtherPlace() { #expect(PageAddress("/tmp/x.html")?.resolving("/etc/passwd") == nil) }

  @Test func onlyTLSAndThisComputerAreSecure() {
    #expect(PageAddress("https://a.cn/")?.isSecure == true && PageAddress("http://a.cn/")?.isSecure == false)
    #expect(PageAddress("http://127.0.0.1:81/")?.isSecure == true && PageAddress("x.html")?.isSecure == true)
  }

  @Test func answersAreReadWholeOrNotAtAll() {
    func answer(_ text: String) -> HTTPAnswer { HTTPAnswer(Array(text.utf8)) }
    let chunked = answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x\r\nde\r\n0\r\n\r\n")
    #expect(chunked.status == 200 && chunked.body == Array("abcde".utf8))
    #expect(answer("HTTP/1.1 302 Found\r\nlocation: /x\r\n\r\n").location == "/x")
    for text in [
      "", "HTTP/1.1", "220 mail", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n",
      "\r\n\r\n",
    ] {
      #expect(answer(text).body.isEmpty)
    }
  }
}

/// The user's answer to a page that asked to call this computer, as browsers keep it.
struct LoopbackPermissionTests {
  private func answer(_ exceptions: String, _ origin: String = "https://a.cn:28021") -> Bool? {
    LoopbackAnswer.answer(
      inPreferences: Array(#"{"profile":{"content_settings":{"exceptions":\#(exceptions)}},"z":0.5}"#.utf8), origin)
  }

  @Test func theDecisionIsReadByOrigin() {
    #expect(answer(#"{"loopback_network":{"https://a.cn:28021,*":{"setting":2}}}"#) == false)
    #expect(answer(#"{"loopback_network":{"https://a.cn:28021,*":{"setting":1}}}"#) == true)
    #expect(answer(#"{"local_network_access":{"https://a.cn:443,*":{"setting":1}}}"#, "https://a.cn") == true)
    #expect(answer(#"{"loopback_network":{"https://a.cn:280,*":{"setting":2}}}"#) == nil)
    #expect(answer(#"{"loopback_network":{"https://a.cn:28021,*":{"setting":0}}}"#) == nil)
    #expect(answer("[]") == nil && answer("{") == nil)
  }
}

/// The chain told in the order of a complaint.
struct SymptomTests {
  @Test(arguments: Symptom.allCases)
  func everyLinkIsToldOnce(symptom: Symptom) {
    #expect(Set(symptom.order) == Set(CheckID.allCases) && symptom.order.count == CheckID.allCases.count)
    #expect(Set(symptom.links).count == symptom.links.count)
  }

  @Test func theComplaintsOwnLinkComesFirst() {
    var options = DiagnosisOptions(now: 0)
    options.symptom = .page
    let result = DiagnosisResult(
      findings: [.card: Finding(.fault, .noCard), .platformConnect: Finding(.fault, .platformRefused)], only: nil,
      options: options, microseconds: 0)
    #expect(result.first?.id == .platformConnect)
    #expect(result.ordered(by: .key).first?.id == .card)
    #expect(DiagnosisDocument(result, full: true).firstOfSymptom?.cause == "platform-refused")
    #expect(DiagnosisDocument(result.ordered(by: .pin), full: true).firstOfSymptom == nil)
  }

  /// What lies behind the broken link was not looked at, and is not said to be well.
  @Test func whatIsBehindABrokenLinkIsNotWell() {
    var options = DiagnosisOptions(now: 0)
    options.symptom = .pin
    func isHidden(_ pin: Finding) -> Bool {
      DiagnosisDocument(
        DiagnosisResult(
          findings: [.serviceSocket: Finding(.fault, .socketMissing), .pin: pin], only: nil, options: options,
          microseconds: 0), full: true
      ).symptomIsHidden
    }
    #expect(isHidden(.skipped(because: .serviceSocket)) && isHidden(Finding(.skipped, .notNeededDemo)))
    #expect(!isHidden(Finding(.ok)) && !isHidden(Finding(.skipped, .pinNotTold)))
  }
}
