import Volumes

extension Phantom {
  /// The text beside a phantom: what it is and where things lie.
  var readme: String {
    let times = recipe.echoTimesMs.map { "\($0)" }.joined(separator: ", ")
    let noise =
      noiseSD > 0 ? "\(noiseSD) in one real channel (SNR \(recipe.snr) in the liver)" : "none"
    return """
      A digital phantom, not a patient: \(recipe.name)
      \(recipe.title)

      Departs from: \(recipe.departsFrom)
      Grid:         \(grid.summary)
      Field:        \(recipe.fieldStrengthT) T
      Echo times:   \(times) ms
      Noise SD:     \(noise)
      Seed:         \(seed)

      sub-phantom/anat     the scan, as a scanner exports it (\(recipe.export.style.rawValue))
      masks/tumour.nii.gz  the tumour
      masks/regions.nii.gz every tissue; names in regions.tsv
      truth/               what a perfect separation would give: PDFFmap in percent, R2starmap in
                           1/s, B0map in Hz, water and fat as the signal at TE = 0,
                           initialphase in rad, tissue, labels
      recipe.json          the whole recipe: pdff phantom make recipe.json -o DIR makes it again

      Try: pdff measure sub-phantom/anat --roi masks/tumour.nii.gz -o maps
           pdff phantom score maps --truth truth

      """
  }
}
