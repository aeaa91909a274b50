/// What a voxel of the phantom holds; raw values are the labels of `regions.nii.gz`.
///
/// Air, lung and gas give no signal and are 0.
public enum TissueClass: UInt8, CaseIterable, Sendable {
  case none = 0
  case subcutaneousFat = 1
  case muscle = 2
  case liver = 3
  case tumour = 4
  case secondLesion = 5
  case spleen = 6
  case marrow = 7
  case vessel = 8
  case visceralFat = 9
  case rightArmMuscle = 10
  case rightArmFat = 11
  case leftArmMuscle = 12
  case leftArmFat = 13

  /// The name in `regions.tsv`.
  public var name: String {
    switch self {
    case .none: "no signal"
    case .subcutaneousFat: "subcutaneous fat"
    case .muscle: "muscle"
    case .liver: "liver"
    case .tumour: "tumour"
    case .secondLesion: "second lesion"
    case .spleen: "spleen"
    case .marrow: "marrow"
    case .vessel: "vessel"
    case .visceralFat: "visceral fat"
    case .rightArmMuscle: "right arm muscle"
    case .rightArmFat: "right arm fat"
    case .leftArmMuscle: "left arm muscle"
    case .leftArmFat: "left arm fat"
    }
  }

  /// The key under `tissues` of a recipe: an arm's muscle and fat are those of the body.
  var recipeKey: String {
    switch self {
    case .none: ""
    case .subcutaneousFat, .rightArmFat, .leftArmFat: "subcutaneous_fat"
    case .muscle, .rightArmMuscle, .leftArmMuscle: "muscle"
    case .liver: "liver"
    case .tumour: "tumour"
    case .secondLesion: "second_lesion"
    case .spleen: "spleen"
    case .marrow: "marrow"
    case .vessel: "vessel"
    case .visceralFat: "visceral_fat"
    }
  }

  /// Which arm a class belongs to: 0 none, 1 right, 2 left.
  var arm: Int {
    switch self {
    case .rightArmMuscle, .rightArmFat: 1
    case .leftArmMuscle, .leftArmFat: 2
    default: 0
    }
  }

  /// Names by label.
  public static let names: [Int: String] = Dictionary(
    uniqueKeysWithValues: allCases.map { (Int($0.rawValue), $0.name) })
}
