import Statistics

/// Models and conformal sets that were made from rows: what a call rests on.
package struct SubtypeSets: Sendable {
  package let guarantee: SubtypeModel.Guarantee
  /// The model whose probabilities are told.
  package let model: LatentFit<ProportionalOdds>
  package let groups: [LatentOrdinalModel]
  package let conformal: ConformalSets

  /// Fits and calibrates. `split`: half of each class fits, the other half calibrates. `cross`: one
  /// model from all rows; each fold's rows are scored by a model from the others.
  ///
  /// - Parameter start: parameters of a similar fit.
  package init(
    _ rows: [LatentRow], _ options: SubtypeFitOptions, _ guarantee: SubtypeModel.Guarantee,
    start: [Double]? = nil
  ) throws(LatentFitFailure) {
    self.guarantee = guarantee
    let latent = options.latent()
    let categories = rows.map(\.category)
    switch guarantee {
    case .split:
      let half = StratifiedFolds.assign(categories, count: 2, seed: SubtypeFitOptions.seed)
      model = try LatentFit(Self.chosen(rows, half) { $0 == 0 }, latent, start: start)
      groups = [LatentOrdinalModel(model)]
      conformal = ConformalSets(
        alpha: options.alpha,
        scores: [Self.scores(Self.chosen(rows, half) { $0 == 1 }, LatentOrdinalModel(model))])
    case .cross:
      model = try LatentFit(rows, latent, start: start)
      let smallest = Subtype.allCases.map { k in categories.count { $0 == k.index } }.min() ?? 0
      let count = min(SubtypeFitOptions.folds, smallest)
      let folds = StratifiedFolds.assign(categories, count: count, seed: SubtypeFitOptions.seed)
      var models: [LatentOrdinalModel] = []
      var scores: [[[Double]]] = []
      for fold in 0..<count {
        let fit = try LatentFit<ProportionalOdds>(
          Self.chosen(rows, folds) { $0 != fold }, latent, start: model.parameters)
        models.append(LatentOrdinalModel(fit))
        scores.append(Self.scores(Self.chosen(rows, folds) { $0 == fold }, models[fold]))
      }
      groups = models
      conformal = ConformalSets(alpha: options.alpha, scores: scores)
    }
  }

  /// Indices of the subtypes that can't be excluded, without gaps; before that, `unfilled`.
  package func set(_ row: LatentRow) -> [Int] { ConformalSets.filled(unfilled(row)) }

  package func unfilled(_ row: LatentRow) -> [Int] {
    conformal.set(
      groups.map { model in
        (model.probabilities(row.value, background: row.background) ?? []).map { 1 - $0 }
      })
  }

  private static func chosen(_ rows: [LatentRow], _ folds: [Int], _ keep: (Int) -> Bool)
    -> [LatentRow]
  {
    zip(rows, folds).filter { keep($0.1) }.map(\.0)
  }

  /// 1 - P(own class), class by class.
  private static func scores(_ rows: [LatentRow], _ model: LatentOrdinalModel) -> [[Double]] {
    var scores = [[Double]](repeating: [], count: Subtype.allCases.count)
    for row in rows {
      guard let shares = model.probabilities(row.value, background: row.background) else {
        continue
      }
      scores[row.category].append(1 - shares[row.category])
    }
    return scores
  }
}
