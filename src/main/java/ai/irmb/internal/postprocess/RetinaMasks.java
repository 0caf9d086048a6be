package ai.irmb.internal.postprocess;

/**
 * YOLOv5's {@code --retina-masks}: upsampled to the image, cropped to the box there with its sides
 * rounded to integers, thresholded at 0.5. Not safe for concurrent use.
 */
final class RetinaMasks {
  private final MaskRegion values;
  private final AxisInterpolation columns;
  private final AxisInterpolation rows;
  private final byte[] column;

  RetinaMasks(Prototypes prototypes, int width, int height) {
    PixelArea unpadded = PixelArea.unpadded(prototypes.width(), prototypes.height(), width, height);
    values = new MaskRegion(prototypes, unpadded);
    columns = AxisInterpolation.torch(unpadded.width(), width);
    rows = AxisInterpolation.torch(unpadded.height(), height);
    column = new byte[height];
  }

  /**
   * {@return the run lengths of the mask of a box}
   *
   * @param boxes in original pixels
   */
  int[] counts(ScoredBoxes boxes, int row) {
    RunLengthBuilder runs = new RunLengthBuilder(rows.length());
    float[] box = boxes.boxes();
    PixelArea seen =
        PixelArea.inside(
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
