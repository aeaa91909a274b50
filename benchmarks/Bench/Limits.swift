import CLimits
import Documents

/// Peak arithmetic of each instruction set and memory bandwidth, for every number of threads.
///
/// Keys: "arithmetic" and "memory", by name and number of threads, in operations/s and bytes/s.
func limits() -> JSONValue {
  let sets = (0..<Int32(limits_sets)).map { set in
    (String(cString: limits_set_name(set)), threadCounts.map { limits_arithmetic(set, Int32($0)) })
  }
  let traffic = (0..<Int32(limits_memory_kinds)).map { kind in
    (String(cString: limits_memory_name(kind)), threadCounts.map { limits_memory(kind, Int32($0)) })
  }
  func table(_ rows: [(String, [Double])]) -> JSONValue {
    var members: [String: JSONValue] = [:]
    for (name, rates) in rows where rates[0] > 0 {
      members[name] = byThreads(rates.map { .number($0) })
    }
    return .object(members)
  }
  return ["arithmetic": table(sets), "memory": table(traffic)]
}

/// One value for each of `threadCounts`, by their number.
func byThreads(_ values: [JSONValue]) -> JSONValue {
  .object(Dictionary(uniqueKeysWithValues: zip(threadCounts.map { "\($0)" }, values)))
}
