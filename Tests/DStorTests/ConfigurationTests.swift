import Testing
import Transport

@testable import DStor

@Suite struct ConfigurationTests {
  @Test(arguments: [
    ("http://dstor.test", markedKey, false), ("http://127.0.0.1:1", markedKey, true), ("https://dstor.test", "", false),
    ("https://dstor.test", "a b", false), ("https://dstor.test", "a\r\nX: y", false),
    ("https://dstor.test", markedKey, true),
  ])
  func isChecked(_ api: String, _ key: String, _ isFine: Bool) throws {
    let configuration = try DStorConfiguration(api: BaseURL(api), credentials: .apiKey(Secret(key)))
    do {
      _ = try DStorClient(configuration, transport: Script(.added))
      #expect(isFine)
    } catch {
      #expect(!isFine && error.kind == .configuration && !error.description.contains(markedKey))
    }
  }

  @Test func plainHTTPIsAllowedOnRequest() throws {
    var configuration = try DStorConfiguration(api: BaseURL("http://dstor.test"), credentials: .apiKey(Secret("k")))
    configuration.allowsPlainHTTP = true
    _ = try DStorClient(configuration, transport: Script(.added))
    #expect(configuration.gateway.description == "http://dstor.test/ipfs")
  }
}
