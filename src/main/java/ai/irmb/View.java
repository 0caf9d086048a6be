package ai.irmb;

import java.util.Comparator;

/**
 * What one slice shows of an object. Immutable.
 *
 * @param detection in the image's pixels
 * @param slice which one
 * @param area of the slice, in the image's pixels
 * @param isCut whether the object may go on beyond the slice
 */
record View(Detection detection, int slice, Box area, boolean isCut) {
  static final Comparator<View> BEST_FIRST = Comparator.comparing((View v) -> -v.confidence());

  /** How near to a border is at it, as a share of the slice's side. */
  private static final float NEAR = 0.02f;

  /** {@return the view of what a slice of an image shows, which is moved to its place} */
  static View of(Detection inSlice, int slice, Tiling tiling) {
    int x = tiling.x(slice);
    int y = tiling.y(slice);
    float nearX = NEAR * tiling.sliceWidth();
    float nearY = NEAR * tiling.sliceHeight();
    Box box = inSlice.box();
    return new View(
        moved(inSlice, x, y, tiling),
        slice,
        new Box(x, y, x + tiling.sliceWidth(), y + tiling.sliceHeight()),
        (x > 0 && box.x1() < nearX)
            || (y > 0 && box.y1() < nearY)
            || (x + tiling.sliceWidth() < tiling.width() && box.x2() > tiling.sliceWidth() - nearX)
            || (y + tiling.sliceHeight() < tiling.height()
                && box.y2() > tiling.sliceHeight() - nearY));
  }

  private static Detection moved(Detection d, int x, int y, Tiling tiling) {
    Box box = d.box();
    Mask mask = d.mask();
    return new Detection(
        d.classId(),
        d.label(),
        d.confidence(),
        new Box(box.x1() + x, box.y1() + y, box.x2() + x, box.y2() + y),
        mask == null ? null : mask.placed(x, y, tiling.width(), tiling.height()));
  }

  /** {@return the view of something that was seen in the image as a whole} */
  static View whole(Detection detection, Tiling tiling) {
    Box area = new Box(0, 0, tiling.width(), tiling.height());
    return new View(detection, tiling.count(), area, false);
  }

  Box box() {
    return detection.box();
  }

  float confidence() {
    return detection.confidence();
  }
}
