import Faults

/// The conditions under which `pdff serve` refuses.
public enum WorklistFault: String, FaultCode {
  case folderOpen = "serve-folder-open"
  case folderDamaged = "serve-folder-damaged"
  case passwordShort = "password-short"
  case passwordUnreadable = "password-unreadable"
  case passwordsDiffer = "passwords-differ"
  case cannotListen = "serve-cannot-listen"
  case notPermitted = "serve-not-permitted"
  case mapsMissing = "serve-maps-missing"
  case mapsDiffer = "serve-maps-differ"

  public var summary: String {
    switch self {
    case .folderOpen: "the folder of passwords and sessions can be read by others"
    case .folderDamaged: "a file in the folder of passwords and sessions is damaged"
    case .passwordShort: "the password cannot be used"
    case .passwordUnreadable: "no password was given"
    case .passwordsDiffer: "the two passwords differ"
    case .cannotListen: "the server cannot listen at this address"
    case .notPermitted: "your role may not do this"
    case .mapsMissing: "the maps of this measurement are not below the folder of maps"
    case .mapsDiffer: "a map is not the one that its measurement.json lists"
    }
  }

  public var remedy: String {
    switch self {
    case .folderOpen: "take the others' rights away: chmod 700 on the folder"
    case .folderDamaged: "set the user's password again with --set-password"
    case .passwordShort:
      "choose one of \(PasswordHash.shortest) to \(PasswordHash.longest) characters"
    case .passwordUnreadable: "type it at the prompt, or give it as the one line of standard input"
    case .passwordsDiffer: "run the command again and type the same password twice"
    case .cannotListen: "choose another --port, or end the program that holds it"
    case .notPermitted: "see the table of roles in docs/registry.md"
    case .mapsMissing: "start the worklist with --maps and the folder of 'pdff measure -o'"
    case .mapsDiffer: "measure again into a folder of its own; the map is not shown"
    }
  }

  public var exit: ExitStatus {
    switch self {
    case .folderOpen, .notPermitted: .notPermitted
    case .folderDamaged, .mapsDiffer: .data
    case .mapsMissing: .missingInput
    case .passwordShort, .passwordUnreadable, .passwordsDiffer: .usage
    case .cannotListen: .unavailable
    }
  }
}

public typealias WorklistError = Fault<WorklistFault>

/// The conditions under which `pdff serve` warns.
public enum WorklistNotice: String, NoticeCode {
  case otherAddress = "serve-not-loopback"

  public var summary: String {
    switch self {
    case .otherAddress:
      "the worklist can be reached from other machines, and what goes over the wire is not "
        + "encrypted: put a proxy with TLS in front, or stay with the default address"
    }
  }
}
