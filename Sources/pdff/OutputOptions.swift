import ArgumentParser
import Documents

/// The flags that every command with a measurement has.
struct OutputOptions: ParsableArguments {
  @Flag(help: "The scan was made after a chemoembolisation: PDFF is then not measurable.")
  var afterTace = false

  @Flag(help: .hidden)
  var timings = false
}
