import Synchronization

/// The folder that an import works in, for a program that is interrupted.
public enum ImportInterruption {
  public static let folder = Mutex<String?>(nil)
}
