import Documents

/// A key of a document that is missing, or holds something else than it should.
struct DocumentGap: Error {
  let key: String
}

/// Values of a document that must be there.
extension JSONValue {
  func member(_ key: String) throws(DocumentGap) -> JSONValue {
    guard let value = self[key] else { throw DocumentGap(key: key) }
    return value
  }

  func text(_ key: String) throws(DocumentGap) -> String {
    guard case .string(let text)? = self[key] else { throw DocumentGap(key: key) }
    return text
  }

  func number(_ key: String) throws(DocumentGap) -> Double {
    guard case .number(let number)? = self[key] else { throw DocumentGap(key: key) }
    return number
  }

  func flag(_ key: String) throws(DocumentGap) -> Bool {
    guard case .bool(let flag)? = self[key] else { throw DocumentGap(key: key) }
    return flag
  }

  func list(_ key: String) throws(DocumentGap) -> [JSONValue] {
    guard case .array(let list)? = self[key] else { throw DocumentGap(key: key) }
    return list
  }

  func numbers(_ key: String) throws(DocumentGap) -> [Double] {
    var numbers: [Double] = []
    for element in try list(key) {
      guard case .number(let number) = element else { throw DocumentGap(key: key) }
      numbers.append(number)
    }
    return numbers
  }

  /// One of an enumeration's words.
  func word<Word: RawRepresentable<String>>(_ key: String) throws(DocumentGap) -> Word {
    guard let word = Word(rawValue: try text(key)) else { throw DocumentGap(key: key) }
    return word
  }
}
