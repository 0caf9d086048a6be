package ai.irmb;

import java.util.Comparator;

/**
 * A detection in one slice, in pixels of the full image. Immutable.
 *
 * @param detection in pixels of the full image
 * @param slice index of the slice
 * @param area of the slice, in pixels of the full image
 * @param isCut whether the object may extend beyond the slice
 */
record SliceDetection(Detection detection, int slice, Box area, boolean isCut) {
  static final Comparator<SliceDetection> BEST_FIRST =
      Comparator.comparing((SliceDetection v) -> -v.confidence());

  /** The distance from a border that counts as touching it, as a fraction of the slice's side. */
  private static final float BORDER_TOLERANCE = 0.02f;

  /** {@return a detection of a slice, translated into the full image} */
  static SliceDetection of(Detection inSlice, int slice, SliceGrid tiling) {
    int x = tiling.x(slice);
    int y = tiling.y(slice);
    float nearX = BORDER_TOLERANCE * tiling.sliceWidth();
    float nearY = BORDER_TOLERANCE * tiling.sliceHeight();
    Box box = inSlice.box();
    return new SliceDetection(
        translated(inSlice, x, y, tiling),
        slice,
        new Box(x, y, x + tiling.sliceWidth(), y + tiling.sliceHeight()),
        (x > 0 && box.x1() < nearX)
            || (y > 0 && box.y1() < nearY)
            || (x + tiling.sliceWidth() < tiling.width() && box.x2() > tiling.sliceWidth() - nearX)
            || (y + tiling.sliceHeight() < tiling.height()
                && box.y2() > tiling.sliceHeight() - nearY));
  }

  private static Detection translated(Detection d, int x, int y, SliceGrid tiling) {
    Box box = d.box();
    Mask mask = d.mask();
    return new Detection(
        d.classId(),
        d.label(),
        d.confidence(),
        new Box(box.x1() + x, box.y1() + y, box.x2() + x, box.y2() + y),
        mask == null ? null : mask.translated(x, y, tiling.width(), tiling.height()));
  }

  /** {@return a detection of the full image} */
  static SliceDetection ofFullImage(Detection detection, SliceGrid tiling) {
    Box area = new Box(0, 0, tiling.width(), tiling.height());
    return new SliceDetection(detection, tiling.count(), area, false);
  }

  Box box() {
    return detection.box();
  }

  float confidence() {
    return detection.confidence();
  }
}
