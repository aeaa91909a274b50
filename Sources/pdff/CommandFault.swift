import Faults

/// The conditions under which the command line itself refuses.
enum CommandFault: String, FaultCode {
  case overwritesInput = "output-overwrites-input"

  var summary: String {
    switch self {
    case .overwritesInput: "an output would replace an input"
    }
  }

  var remedy: String {
    switch self {
    case .overwritesInput: "choose another folder with -o"
    }
  }

  var exit: ExitStatus { .usage }
}
