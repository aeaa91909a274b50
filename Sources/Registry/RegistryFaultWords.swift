extension RegistryFault {
  /// What is wrong, and what to do.
  var words: (summary: String, remedy: String) { ofFiles ?? ofPeople ?? ofEntries }

  private var ofFiles: (summary: String, remedy: String)? {
    switch self {
    case .settingsMissing:
      ("the study's settings are missing or cannot be read", "check the path")
    case .missing:
      ("the registry is missing", "check the path; 'pdff registry init' makes a new registry")
    case .exists:
      ("there is a file of that name already", "choose another name; a registry is never replaced")
    case .notARegistry:
      ("the file is not a pdff registry", "check the path, or restore the file from a backup")
    case .newer:
      ("the registry was written by a newer pdff", "use the version of pdff that wrote it")
    case .damaged:
      (
        "the registry is damaged or was changed by hand",
        "keep the file, run 'pdff registry verify', and restore it from a backup"
      )
    case .doesNotHold:
      (
        "the registry does not hold: it was changed other than by pdff",
        "keep the file as it is, compare it with a backup, and tell who answers for the study"
      )
    case .headDiffers:
      (
        "the log is whole, but the expected head is not in it: its end was cut or all was rewritten",
        "keep the file as it is, compare it with a backup, and tell who answers for the study"
      )
    case .networkShare:
      (
        "a registry cannot be kept on a network share",
        "keep it on a local disk: SQLite's write-ahead log needs one, and several use it at once"
      )
    case .cannotWrite:
      (
        "the registry cannot be written; nothing was changed",
        "check its folder's free space, and that you may write to the file and its folder"
      )
    case .readOnly:
      (
        "you may not write to the registry or its folder, and reading it needs that as well",
        "to read an archive, copy the file and FILE.users into a folder of your own: SQLite keeps its "
          + "write-ahead log beside the file, and refused logins are entries of the log"
      )
    case .busy:
      ("others were writing to the registry all the time; nothing was changed", "try again")
    case .clockBehind:
      (
        "this computer's clock is behind the registry's last entry; nothing was changed",
        "set the clock: seals and the audit trail take their time from it"
      )
    case .credentialsDamaged:
      (
        "the file of credentials beside the registry is missing or damaged",
        "restore FILE.users from a backup; without it nobody can log in"
      )
    default: nil
    }
  }

  private var ofPeople: (summary: String, remedy: String)? {
    switch self {
    case .loginRefused:
      (
        "user and token do not belong together, or the user is disabled",
        "check --by and the token; an administrator can issue a new one"
      )
    case .notPermitted:
      ("your role does not permit this", "see the table of roles in docs/registry.md")
    case .tokenMissing:
      ("there is no token", "set PDFF_TOKEN or give --token-file")
    case .nameInvalid:
      (
        "a user's name cannot be used",
        "give 1 to 40 letters, digits, dots, hyphens or underscores, a letter first"
      )
    case .textInvalid:
      ("a text cannot be recorded", "give 1 to 500 characters on one line")
    case .userExists: ("there is a user of that name already", "choose another name")
    case .userMissing: ("there is no active user of that name", "see 'pdff registry user list'")
    case .lastAdministrator:
      ("the last administrator cannot be disabled", "add another administrator first")
    case .reasonMissing: ("a reason is needed", "give --reason")
    case .alreadyUnblinded: ("the study is unblinded already", "nothing is to be done")
    default: nil
    }
  }

  private var ofEntries: (summary: String, remedy: String) {
    switch self {
    case .pseudonymRefused:
      (
        "the participant's name does not follow the study's pattern for pseudonyms",
        "use the pseudonym from the enrolment log, never a name or a hospital's number"
      )
    case .participantExists: ("the participant is enrolled already", "check the pseudonym")
    case .participantMissing:
      ("no participant of that pseudonym is enrolled", "check it, or enrol the participant")
    case .measurementMissing: ("the measurement is missing or cannot be read", "check the path")
    case .measurementInvalid:
      ("the file is not a usable measurement.json", "give the one that 'pdff measure' wrote")
    case .measurementChanged:
      ("the measurement was changed after it was made", "measure again; never edit the file")
    case .measurementWithoutCall:
      ("the measurement holds no provisional call", "measure again with --model")
    case .modelNotApproved:
      (
        "the model that made the call is not approved in this study",
        "measure with an approved model, or let an administrator approve it with 'configure'"
      )
    case .modelStatus:
      (
        "the model's status does not suit the study",
        "demonstration models belong to simulated studies, and only they do"
      )
    case .scanUndated:
      ("the day of the scan is not known for sure", "give --acquired-on; your name goes with it")
    case .scanDateDiffers:
      (
        "the measurement knows the day of its scan, and it is another than the one given",
        "leave --acquired-on away, or measure again with the right day"
      )
    case .sealedOnGiven:
      (
        "only a simulated study takes the day of a seal as it is given",
        "leave --sealed-on away: seals take their day from the system's clock"
      )
    case .callExists:
      ("there is a call of that lesion already", "give --reason to put this one in its place")
    case .callNotAccepted:
      ("the registry does not accept this call", "ask the study's coordinator")
    case .entryMissing:
      ("there is no such entry that you may change", "see 'pdff registry history'")
    case .entryFixed:
      ("such an entry cannot be amended", "void it with a reason, and record it anew")
    case .entryInUse:
      ("other entries rest on this one", "void those first, the last one first")
    case .nothingChanged: ("the entry says that already", "give the field that is to be changed")
    case .dateInFuture: ("the date lies after today", "record what has happened; check the date")
    default: ("", "")
    }
  }
}
