import Testing

@testable import DiagnosisKit

struct RedactorPlacesTests {
  @Test(arguments: [
    ("10.88.0.2", "10.88.＊.＊"), ("127.0.0.1:80", "127.0.0.1:80"), ("0.0.0.0", "0.0.0.0"), ("::1", "::1"),
    ("2001:db8::1", "2001:＊＊"), ("https_proxy: http://proxy.example-corp.cn:3128", "https_proxy: http://＊＊.cn:3128"),
    ("intranet.example-corp.cn,10.1.2.3", "＊＊.cn,10.1.＊.＊"), ("libgone.so", "libgone.so"), ("TLSv1.3", "TLSv1.3"),
  ])
  func addressesAndNamesOfComputersAreShortened(_ text: String, _ shown: String) {
    #expect(Redactor.maskAddress(text) == shown)
  }

  @Test(arguments: [
    ("/home/wang/投标-深圳市示例/libgone.so", "/home/＊＊/＊＊/libgone.so"), ("/usr/lib/x/liba.so", "/usr/lib/x/liba.so"),
    ("/home/wang/.pki/nssdb", "/home/＊＊/.pki/nssdb"), ("no path", "no path"),
  ])
  func foldersOfPeopleAreShortened(_ text: String, _ shown: String) { #expect(Redactor.maskPath(text) == shown) }

  @Test(arguments: [
    ("HTTP/1.1 403 Wang Mei 44", "HTTP/1.1 403 ＊＊"), ("220 mail.example", "＊＊"), ("", ""),
  ])
  func ofAnAnswerOnlyItsKindIsKept(_ text: String, _ shown: String) { #expect(Redactor.maskAnswer(text) == shown) }
}
