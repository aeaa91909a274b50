import Scans
import Testing

@Suite("Sidecars")
struct SidecarTests {
  private func parse(_ text: String) throws -> Sidecar {
    try Sidecar.parse(bytes: Array(text.utf8))
  }

  private func code(_ text: String) -> ScansFault? {
    do throws(ScansError) {
      _ = try Sidecar.parse(bytes: Array(text.utf8))
      return nil
    } catch {
      return error.code
    }
  }

  @Test("Keys are read in their units")
  func keys() throws {
    let found = try parse(
      """
      {"EchoTime": 0.0023, "ImagingFrequency": 127.74, "MagneticFieldStrength": 3,
       "ImageType": ["original", "M"], "Units": "rad", "Manufacturer": "Siemens", "FlipAngle": 5,
       "RepetitionTime": 0.009, "AcquisitionDateTime": "2026-11-20T10:11:12", "SeriesNumber": 7,
       "SeriesDescription": "dixon", "ProtocolName": 12, "SeriesInstanceUID": "1.2.3",
       "DatesShifted": true, "Other": {"deep": [1, {"a": null}]}, "AcquisitionTime": null}
      """)
    #expect(found.echoTimes.map(\.value) == [0.0023])
    #expect(found.imagingFrequency?.value == 127.74e6)
    #expect(found.fieldStrength?.value == 3)
    #expect(found.imageType == ["ORIGINAL", "M"])
    #expect(found.flipAngle?.value == 5 * Double.pi / 180)
    #expect(found.repetitionTime?.value == 0.009)
    #expect(found.acquisitionDate == "2026-11-20")
    #expect(found.seriesNumber == 7)
    #expect(found.datesShifted == true)
    #expect(found.acquisitionTime == nil)
  }

  @Test("Echo times may be a list, ImageType a text, numbers of any size")
  func lists() throws {
    #expect(try parse(#"{"EchoTime": [0.001, 0.002]}"#).echoTimes.map(\.value) == [0.001, 0.002])
    #expect(try parse(#"{"EchoTimes": [0.001, 0.002]}"#).echoTimes.count == 2)
    #expect(try parse(#"{"ImageType": "ORIGINAL\\PRIMARY\\P"}"#).imageType.last == "P")
    #expect(try parse(#"{"SeriesNumber": 1e300}"#).seriesNumber == nil)
  }

  @Test("A contrast agent is one that is named")
  func contrast() throws {
    #expect(try parse("{}").contrast == nil)
    #expect(try parse(#"{"ContrastBolusIngredient": "GADOXETATE"}"#).contrast == .gadoxetate)
    #expect(try parse(#"{"ContrastBolusAgent": ["none", "Primovist"]}"#).contrast == .gadoxetate)
    #expect(try parse(#"{"ContrastBolusAgent": "Gd-EOB-DTPA"}"#).contrast == .gadoxetate)
    #expect(try parse(#"{"ContrastBolusIngredient": "GADOLINIUM"}"#).contrast == .other)
    #expect(try parse(#"{"ContrastBolusAgent": "None"}"#).contrast == ContrastAgent.none)
    #expect(code(#"{"ContrastBolusAgent": 3}"#) == .sidecarWrongType)
  }

  @Test("Philips' display factor needs its keys")
  func philips() throws {
    let keys = #""PhilipsRescaleSlope": 2, "PhilipsScaleSlope": 0.5"#
    #expect(try parse("{\(keys)}").philipsDisplayFactor == nil)
    #expect(
      try parse(#"{\#(keys), "UsePhilipsFloatNotDisplayScaling": 1}"#).philipsDisplayFactor == 1)
  }

  @Test("Bytes that are not UTF-8 and a byte order mark do not hinder")
  func encodings() throws {
    let latin = Array(#"{"ProtocolName": "Leber Übersicht", "EchoTime": 0.002}"#.unicodeScalars)
      .map { UInt8($0.value) }
    #expect(try Sidecar.parse(bytes: latin).echoTimes.count == 1)
    #expect(
      try Sidecar.parse(bytes: [0xEF, 0xBB, 0xBF] + Array(#"{"EchoTime": 1e-3}"#.utf8)).echoTimes
        .count == 1)
  }

  @Test(
    "Bad sidecars have clear faults",
    arguments: [
      ("", ScansFault.sidecarNotJSON), ("{", .sidecarNotJSON), ("[1]", .sidecarNotJSON),
      ("null", .sidecarNotJSON), (#"{"EchoTime": 0.001,,}"#, .sidecarNotJSON),
      (#"{"EchoTime": NaN}"#, .sidecarNotJSON), (#"{"EchoTime": 1e999}"#, .sidecarNotJSON),
      (#"{"EchoTime": "0.001"}"#, .sidecarWrongType),
      (#"{"EchoTime": [0.001, "b"]}"#, .sidecarWrongType),
      (#"{"EchoTime": true}"#, .sidecarWrongType), (#"{"EchoTime": {}}"#, .sidecarWrongType),
      (#"{"MagneticFieldStrength": [3]}"#, .sidecarWrongType),
      (#"{"ImageType": [1]}"#, .sidecarWrongType), (#"{"Units": ["rad"]}"#, .sidecarWrongType),
      (#"{"DatesShifted": "yes"}"#, .sidecarWrongType),
      (#"{"EchoTime": 0.001, "EchoTime": 0.002}"#, .sidecarDuplicateKey),
      (#"{"a": "#.repeated(40) + "1" + "}".repeated(40), .sidecarTooDeep),
      ("[".repeated(100_000), .sidecarTooDeep),
      (" ".repeated((4 << 20) + 1), .sidecarTooLarge),
    ])
  func faults(_ text: String, _ expected: ScansFault) {
    #expect(code(text) == expected)
  }

  @Test("A key that is not read may stand twice, and a repeated key in an inner object too")
  func harmlessDuplicates() {
    #expect(code(#"{"Foo": 1, "Foo": 2, "EchoTime": 0.001}"#) == nil)
    #expect(code(#"{"a": {"EchoTime": 1}, "EchoTime": 0.001, "s": "\"EchoTime\": "}"#) == nil)
  }
}

extension String {
  func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}
