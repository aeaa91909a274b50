import Foundation

/// The programs that run now. Each leads a process group of its own, so a signal from the terminal does not
/// reach it: whoever ends pdff ends these too.
public enum RunningPrograms {
  private struct State {
    var groups: Set<pid_t> = []
    var isClosed = false
  }

  /// Only ever taken under the lock: Foundation's, which ThreadSanitizer sees.
  nonisolated(unsafe) private static var state = State()
  private static let lock = NSLock()

  /// Kills every program that runs, with what it started; from now on none starts.
  public static func end() {
    lock.withLock {
      state.isClosed = true
      for group in state.groups { Foundation.kill(-group, SIGKILL) }
    }
  }

  /// Starts a process and remembers it, at once: one that an interruption misses would outlive pdff.
  static func start(_ process: Process) throws {
    try lock.withLock {
      guard !state.isClosed, (try? process.run()) != nil else { throw ProgramDidNotStart() }
      state.groups.insert(process.processIdentifier)
    }
  }

  /// Forgets a process that has ended. Where all were ended, pdff ends too, and this does not come back:
  /// what failed for want of the program is no error of the user's.
  static func ended(_ process: Process) {
    let isClosed = lock.withLock {
      state.groups.remove(process.processIdentifier)
      return state.isClosed
    }
    while isClosed { pause() }
  }

  /// Kills a process with what it started.
  static func kill(_ process: Process) {
    Foundation.kill(-process.processIdentifier, SIGKILL)
  }
}
