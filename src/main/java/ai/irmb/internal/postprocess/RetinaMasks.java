package ai.irmb.internal.postprocess;

/**
 * The masks that upstream makes with {@code --retina-masks}: without padding grown to the image,
 * cut off at the box there, its sides rounded to whole pixels, compared with one half. Not safe for
 * concurrent use.
 */
final class RetinaMasks {
  private final MaskValues values;
  private final Taps columns;
  private final Taps rows;
  private final byte[] column;

  RetinaMasks(Prototypes prototypes, int width, int height) {
    Area unpadded = Area.unpadded(prototypes.width(), prototypes.height(), width, height);
    values = new MaskValues(prototypes, unpadded);
    columns = Taps.torch(unpadded.width(), width);
    rows = Taps.torch(unpadded.height(), height);
    column = new byte[height];
  }

  /**
   * {@return the runs of the image's mask}
   *
   * @param boxes original pixels, of which the one at this row counts
   */
  int[] counts(ScoredBoxes boxes, int row) {
    RunLengths runs = new RunLengths(rows.length());
    float[] box = boxes.boxes();
    Area seen =
        Area.inside(
            rounded(box[4 * row]),
            rounded(box[4 * row + 1]),
            rounded(box[4 * row + 2]),
            rounded(box[4 * row + 3]),
            columns.length(),
            rows.length());
    if (!seen.isEmpty()) {
      values.compute(boxes.coefficients(), boxes.masks() * row, seen.sources(columns, rows));
      for (int x = seen.left(); x < seen.right(); x++) {
        values.column(columns, x, rows, seen.top(), seen.bottom(), column, 0);
        runs.column(x, seen.top(), column, seen.height());
      }
    }
    return runs.build((long) columns.length() * rows.length());
  }

  private static float rounded(float side) {
    return (float) Math.rint(side);
  }
}
