/// What the program calls itself in files that it writes.
public enum Software {
  public static let version = "0.1.0"
  public static let name = "pdff"
}
