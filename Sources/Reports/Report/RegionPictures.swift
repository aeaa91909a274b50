import Pages
import Regions
import Volumes

/// Slices through one region: the one that holds most of it, the fattest, and three planes.
struct RegionPictures {
  let report: Report
  let region: Region

  @MarkupBuilder func markup() -> Markup {
    if let most = region.largestSlice {
      let slices = "of \(region.grid.nz), counted from 1"
      row(
        "Slice \(most + 1) \(slices): it holds most of the region", plane(most), isWhole: true)
      row("The same slice from near", plane(most), isWhole: false)
      fattest(most: most, slices: slices)
      planes
    } else {
      note(.caution) { "The region has no voxel on the scan: there is nothing to show." }
    }
  }

  @MarkupBuilder private func fattest(most: Int, slices: String) -> Markup {
    if let fattest = region.fattestSlice(report.maps.fatFraction) {
      let mean = report.mean(of: region, inSlice: fattest)
      if fattest == most {
        element("p") {
          "It is also the fattest slice (mean \(number(mean, 1)) %) of those that hold at least a "
          "quarter as many voxels."
        }
      } else {
        row(
          "Slice \(fattest + 1) \(slices): the fattest (mean \(number(mean, 1)) %) of those that hold "
            + "at least a quarter as many voxels", plane(fattest), isWhole: false)
      }
    } else {
      element("p") { "No voxel of the region has a value, so there is no fattest slice." }
    }
  }

  private func plane(_ slice: Int) -> Plane { Plane(region.grid, normal: 2, index: slice) }

  private func row(_ words: String, _ plane: Plane, isWhole: Bool) -> Markup {
    let frame: Frame = isWhole ? .whole(plane) : .around(region.voxels, in: plane)
    return element("section", ["class": "keep"]) {
      element("h4") { words }
      element("div", ["class": "pictures"]) {
        for view in report.views { picture(view, plane, frame) }
      }
    }
  }

  func picture(_ view: MapView, _ plane: Plane, _ frame: Frame, title: String? = nil) -> Markup {
    let picture = SlicePicture(
      plane: plane, frame: frame, title: "\(title ?? view.title), \(plane.view.rawValue) slice",
      colour: view.colour, outlines: report.outlines(around: region))
    return element("figure") {
      element("h5") { title ?? view.title }
      picture.markup()
      view.bar?.markup()
    }
  }

  /// PDFF in the three voxel planes through the region's middle.
  @MarkupBuilder private var planes: Markup {
    if let centre = region.centre {
      let grid = region.grid
      let at = [centre % grid.nx, centre / grid.nx % grid.ny, centre / (grid.nx * grid.ny)]
      element("section", ["class": "keep"]) {
        element("h4") { "PDFF in three planes through the region's middle" }
        element("div", ["class": "pictures"]) {
          for normal in [2, 1, 0] {
            let plane = Plane(grid, normal: normal, index: at[normal])
            if min(plane.columns, plane.rows) > 1 {
              picture(
                report.pdffView, plane, .around(region.voxels, in: plane),
                title: plane.view.rawValue.capitalised)
            }
          }
        }
        if grid.nz == 1 { element("p") { "The scan has one slice: it shows no other plane." } }
      }
    }
  }
}

extension String {
  var capitalised: String { prefix(1).uppercased() + dropFirst() }
}
