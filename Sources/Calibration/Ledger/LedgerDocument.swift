import Documents

extension Ledger {
  static let schemaName = "pdff.scanner-ledger"
  static let schemaVersion = 1

  /// The sealed document `pdff.scanner-ledger/1`.
  public func document() -> JSONValue {
    let content: JSONValue = [
      "schema": .string("\(Self.schemaName)/\(Self.schemaVersion)"),
      "entries": .array(entries.map(\.document)),
    ]
    return content.sealed()
  }

  /// Reads a document's bytes: exactly the canonical form that `document()` has, and a line feed.
  public init(bytes: [UInt8], file: String? = nil) throws(LedgerError) {
    guard let value = try? JSONValue(parsing: bytes) else {
      throw LedgerError(.damaged, "it is not JSON", file: file)
    }
    if case .string(let schema) = value["schema"], let version = Self.version(of: schema),
      version > Self.schemaVersion
    {
      throw LedgerError(.newer, schema, file: file)
    }
    guard value["schema"] == .string("\(Self.schemaName)/\(Self.schemaVersion)") else {
      throw LedgerError(.damaged, "it is not a scanner ledger", file: file)
    }
    guard value.sealHolds, Array((value.canonical() + "\n").utf8) == bytes else {
      throw LedgerError(.damaged, "its seal does not hold", file: file)
    }
    guard case .array(let members) = value["entries"] else {
      throw LedgerError(.damaged, "it has no entries", file: file)
    }
    var entries: [LedgerEntry] = []
    for (number, member) in members.enumerated() {
      do {
        entries.append(try LedgerEntry(member))
      } catch {
        throw LedgerError(.damaged, "entry \(number + 1) has no usable \(error.key)", file: file)
      }
    }
    self.init(entries: entries)
  }

  private static func version(of schema: String) -> Int? {
    let parts = schema.split(separator: "/")
    return parts.count == 2 && parts[0] == schemaName ? Int(parts[1]) : nil
  }
}

extension LedgerEntry {
  /// One of `entries`; percent, percentage points, degrees C.
  public var document: JSONValue {
    [
      "scanner": .string(scanner),
      "protocol": .string(`protocol`),
      "measured_on": .string("\(measuredOn)"),
      "valid_days": .number(Double(validDays)),
      "valid_until": .string("\(validUntil)"),
      "temperature_c": .number(temperature),
      "added_at": .string(addedAt),
      "version": .string(version),
      "table_sha256": .string(tableSHA256),
      "vials": .array(
        vials.map {
          [
            "reference_pdff_percent": .number($0.referencePercent),
            "measured_pdff_percent": .number($0.measuredPercent),
            "repeat": .number(Double($0.measurement)),
          ]
        }),
      "fit": line.document,
    ]
  }

  init(_ value: JSONValue) throws(DocumentGap) {
    guard let day = CalendarDay(try value.text("measured_on")) else {
      throw DocumentGap(key: "measured_on")
    }
    var vials: [Vial] = []
    for member in try value.list("vials") {
      vials.append(
        Vial(
          referencePercent: try member.number("reference_pdff_percent"),
          measuredPercent: try member.number("measured_pdff_percent"),
          measurement: try member.whole("repeat")))
    }
    self.init(
      scanner: try value.text("scanner"), protocol: try value.text("protocol"), measuredOn: day,
      validDays: try value.whole("valid_days"), temperature: try value.number("temperature_c"),
      vials: vials, tableSHA256: try value.text("table_sha256"),
      line: try ScannerLine(try value.member("fit")), addedAt: try value.text("added_at"),
      version: try value.text("version"))
  }
}

extension ScannerLine {
  /// `fit` of an entry; percent and percentage points.
  public var document: JSONValue {
    func document(_ coefficient: Coefficient) -> JSONValue {
      [
        "value": .number(coefficient.value), "standard_error": .number(coefficient.standardError),
        "low": .number(coefficient.low), "high": .number(coefficient.high),
      ]
    }
    return [
      "intercept_percent": document(intercept),
      "slope": document(slope),
      "covariance": .number(covariance),
      "degrees_of_freedom": .number(Double(degreesOfFreedom)),
      "residual_sd": .number(residualSD),
      "repeatability_sd": .finite(repeatabilitySD),
      "reference_range_percent": [.number(range.lowerBound), .number(range.upperBound)],
      "linearity": [
        "test": .string(linearity.kind.rawValue), "f": .number(linearity.statistic),
        "numerator_degrees": .number(Double(linearity.numeratorDegrees)),
        "denominator_degrees": .number(Double(linearity.denominatorDegrees)),
        "p": .number(linearity.pValue), "departure": .number(linearity.departurePercent),
      ],
    ]
  }

  init(_ value: JSONValue) throws(DocumentGap) {
    func coefficient(_ key: String) throws(DocumentGap) -> Coefficient {
      let member = try value.member(key)
      return Coefficient(
        value: try member.number("value"), standardError: try member.number("standard_error"),
        low: try member.number("low"), high: try member.number("high"))
    }
    let range = try value.numbers("reference_range_percent")
    guard range.count == 2, range[0] <= range[1] else {
      throw DocumentGap(key: "reference_range_percent")
    }
    let repeatability = try value.member("repeatability_sd")
    self.init(
      intercept: try coefficient("intercept_percent"), slope: try coefficient("slope"),
      covariance: try value.number("covariance"),
      degreesOfFreedom: try value.whole("degrees_of_freedom"),
      residualSD: try value.number("residual_sd"),
      repeatabilitySD: repeatability == .null ? nil : try value.number("repeatability_sd"),
      linearity: try LinearityTest(try value.member("linearity")), range: range[0]...range[1])
    guard slope.value > 0, degreesOfFreedom > 2 else { throw DocumentGap(key: "slope") }
  }
}

extension LinearityTest {
  fileprivate init(_ value: JSONValue) throws(DocumentGap) {
    self.init(
      kind: try value.word("test"), statistic: try value.number("f"),
      numeratorDegrees: try value.whole("numerator_degrees"),
      denominatorDegrees: try value.whole("denominator_degrees"), pValue: try value.number("p"),
      departurePercent: try value.number("departure"))
  }
}

extension JSONValue {
  fileprivate func whole(_ key: String) throws(DocumentGap) -> Int {
    guard let whole = Int(exactly: try number(key)), whole >= 0 else { throw DocumentGap(key: key) }
    return whole
  }
}
