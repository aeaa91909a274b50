/// What somebody gave of a follow-up event: its parts, before they are known to make one. The command and the
/// form fill the same parts and are checked alike.
public struct FollowUpParts: Sendable {
  /// A part, named as the command's option, the form's field, and (with underscores) the history.
  public enum Name: String, Sendable, CaseIterable {
    case recist
    case recistConfirmed = "recist-confirmed"
    case mrecist
    case mrecistConfirmed = "mrecist-confirmed"
    case criterion
    case term
    case grade
    case relatedToTACE = "related-to-tace"

    /// The events that it belongs to.
    public var kind: FollowUpEvent.Kind {
      switch self {
      case .recist, .recistConfirmed, .mrecist, .mrecistConfirmed: .response
      case .criterion: .progression
      case .term, .grade, .relatedToTACE: .adverseEvent
      }
    }
  }

  public enum Problem: Error, Sendable, Equatable {
    /// A part that belongs to another event.
    case foreign(Name)
    /// The event needs one of these.
    case missing([Name])
    /// A confirmation without the category that it confirms.
    case confirmsNothing(Name)
  }

  public let kind: FollowUpEvent.Kind
  public var recist: Response.Category?
  public var recistConfirmed = false
  public var mrecist: Response.Category?
  public var mrecistConfirmed = false
  public var criterion: ResponseCriterion?
  public var term: String?
  public var grade: Int?
  public var relatedToTACE: Bool?

  public init(_ kind: FollowUpEvent.Kind) { self.kind = kind }

  private func has(_ name: Name) -> Bool {
    switch name {
    case .recist: recist != nil
    case .recistConfirmed: recistConfirmed
    case .mrecist: mrecist != nil
    case .mrecistConfirmed: mrecistConfirmed
    case .criterion: criterion != nil
    case .term: term != nil
    case .grade: grade != nil
    case .relatedToTACE: relatedToTACE != nil
    }
  }

  /// All that keeps the parts from being an event.
  public var problems: [Problem] {
    let foreign = Name.allCases.filter { has($0) && $0.kind != kind }.map { Problem.foreign($0) }
    return foreign + ofOwn
  }

  private var ofOwn: [Problem] {
    switch kind {
    case .response:
      let categories = has(.recist) || has(.mrecist)
      let pairs: [(Name, Name)] = [(.recistConfirmed, .recist), (.mrecistConfirmed, .mrecist)]
      return (categories ? [] : [.missing([.recist, .mrecist])])
        + pairs.filter { has($0) && !has($1) }.map { .confirmsNothing($0.0) }
    case .progression: return has(.criterion) ? [] : [.missing([.criterion])]
    case .adverseEvent:
      return [Name.term, .grade].filter { !has($0) }.map { .missing([$0]) }
    case .death, .withdrawal, .conversion: return []
    }
  }

  /// The event that the parts make. Throws the first problem.
  public func detail() throws(Problem) -> FollowUpEvent.Detail {
    if let problem = problems.first { throw problem }
    switch kind {
    case .response:
      return .response(
        recist: recist.map { Response($0, isConfirmed: recistConfirmed) },
        mrecist: mrecist.map { Response($0, isConfirmed: mrecistConfirmed) })
    case .progression:
      guard let criterion else { throw .missing([.criterion]) }
      return .progression(criterion: criterion)
    case .adverseEvent:
      guard let term else { throw .missing([.term]) }
      guard let grade else { throw .missing([.grade]) }
      return .adverseEvent(AdverseEvent(term: term, grade: grade))
    case .death: return .death
    case .withdrawal: return .withdrawal
    case .conversion: return .conversion
    }
  }
}
