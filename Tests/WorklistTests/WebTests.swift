import Foundation
import Testing

@testable import Worklist

@Suite struct WebTests {
  @Test func multipartIsReadAsItWasSent() throws {
    let body =
      "--XyZ\r\nContent-Disposition: form-data; name=\"lesion\"\r\n\r\nL1 é\r\n--XyZ\r\n"
      + "Content-Disposition: form-data; name=\"file\"; filename=\"../../etc/passwd\"\r\n"
      + "Content-Type: application/json\r\n\r\n{\"a\":\r\n1}\r\n--XyZ--\r\n"
    let read = try #require(
      Multipart(Array(body.utf8), contentType: "multipart/form-data; boundary=XyZ"))
    #expect(
      read.parts == [
        .init(name: "lesion", fileName: nil, bytes: Array("L1 é".utf8)),
        .init(name: "file", fileName: "passwd", bytes: Array("{\"a\":\r\n1}".utf8)),
      ])
  }

  @Test(arguments: [
    ("", "multipart/form-data; boundary=XyZ"), ("--XyZ--", "multipart/form-data"),
    ("--XyZ\r\nno head", "multipart/form-data; boundary=XyZ"),
    (
      "--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nopen end",
      "multipart/form-data; boundary=XyZ"
    ),
    (
      "--XyZ\r\nContent-Disposition: attachment\r\n\r\nx\r\n--XyZ--",
      "multipart/form-data; boundary=XyZ"
    ),
    ("--XyZ--", "multipart/form-data; boundary=" + String(repeating: "b", count: 71)),
  ])
  func damagedMultipartIsRefused(_ body: String, _ type: String) {
    #expect(Multipart(Array(body.utf8), contentType: type) == nil)
  }

  @Test func formFieldsAreDecoded() throws {
    #expect(
      try urlEncoded("a=1+2&b=%C3%A9%26&c=&d&a=last") == ["a": "last", "b": "é&", "c": "", "d": ""])
    #expect(throws: (any Error).self) { try urlEncoded("a=%ZZ") }
    #expect(urlPart("../a b/é?#") == "%2E%2E%2Fa%20b%2F%C3%A9%3F%23")
  }

  @Test func onlyLoopbacksNamesReachALoopbackServer() {
    let own = SiteAddress(host: "127.0.0.1", port: 8080, mark: "0")
    for name in ["localhost:8080", "127.0.0.1:8080", "[::1]:8080", "LOCALHOST", "[::1]"] {
      #expect(own.accepts(name), "\(name)")
    }
    for name in ["evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", ""] {
      #expect(!own.accepts(name), "\(name)")
    }
    #expect(SiteAddress(host: "192.0.2.1", port: 80, mark: "0").accepts("worklist.example"))
  }

  @Test func signingInLeadsNowhereElse() {
    for path in ["/", "/participants/A-1?x=1#y"] { #expect(Site.isOurs(path)) }
    for path in [
      "//evil.example", "/\\evil.example", "https://evil.example", "", "javascript:alert(1)",
      "/a\r\nSet-Cookie: x=1", "/\u{9}/evil.example",
    ] { #expect(!Site.isOurs(path), "\(path)") }
  }
}
