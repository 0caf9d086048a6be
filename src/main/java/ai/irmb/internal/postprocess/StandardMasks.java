package ai.irmb.internal.postprocess;

import ai.irmb.internal.geometry.LetterboxInverse;
import java.util.Arrays;

/**
 * YOLOv5's default masks: cropped to the box at the prototypes' resolution, upsampled to the
 * network's input, thresholded at 0.5; then resized to the image as bytes, without the padding. Not
 * safe for concurrent use.
 */
final class StandardMasks {
  private static final int ONE = 1 << 11;

  private final MaskRegion values;
  private final int prototypeWidth;
  private final int prototypeHeight;
  private final float scaleX;
  private final float scaleY;
  private final AxisInterpolation inputColumns;
  private final AxisInterpolation inputRows;
  private final PixelArea unpadded;
  private final AxisInterpolation columns;
  private final AxisInterpolation rows;
  private byte[] input = new byte[0];
  private final int[] mixed;
  private final byte[] column;

  StandardMasks(Prototypes prototypes, int inputWidth, int inputHeight, int width, int height) {
    this(
        prototypes,
        inputWidth,
        inputHeight,
        LetterboxInverse.ofSizes(inputWidth, inputHeight, width, height));
  }

  /**
   * @param inverse the image in the network's input
   */
  StandardMasks(Prototypes prototypes, int inputWidth, int inputHeight, LetterboxInverse inverse) {
    prototypeWidth = prototypes.width();
    prototypeHeight = prototypes.height();
    values = new MaskRegion(prototypes, new PixelArea(0, 0, prototypeWidth, prototypeHeight));
    scaleX = (float) ((double) prototypeWidth / inputWidth);
    scaleY = (float) ((double) prototypeHeight / inputHeight);
    inputColumns = AxisInterpolation.torch(prototypeWidth, inputWidth);
    inputRows = AxisInterpolation.torch(prototypeHeight, inputHeight);
    unpadded = PixelArea.unpadded(inputWidth, inputHeight, inverse);
    columns = AxisInterpolation.openCvColumns(unpadded.width(), inverse.width());
    rows = AxisInterpolation.openCvRows(unpadded.height(), inverse.height());
    mixed = new int[unpadded.height()];
    column = new byte[inverse.height()];
  }

  /**
   * {@return the run lengths of the mask of a box}
   *
   * @param boxes in letterboxed pixels
   */
  int[] counts(ScoredBoxes boxes, int row) {
    RunLengthBuilder runs = new RunLengthBuilder(rows.length());
    PixelArea cropped = PixelArea.of(boxes, row, scaleX, scaleY, prototypeWidth, prototypeHeight);
    if (!cropped.isEmpty()) {
      PixelArea seen = cropped.outputsTouching(inputColumns, inputRows).intersection(unpadded);
      if (!seen.isEmpty()) {
        values.compute(boxes.coefficients(), boxes.masks() * row, cropped);
        atInputSize(seen);
        toImage(seen.movedBy(-unpadded.left(), -unpadded.top()), runs);
      }
    }
    return runs.build((long) columns.length() * rows.length());
  }

  /**
   * {@return the run lengths of the mask of a box, cropped to the box at the network's input, as
   * upstream's {@code --save-json} does}
   *
   * @param boxes in letterboxed pixels
   */
  int[] countsCroppedAtInput(ScoredBoxes boxes, int row) {
    RunLengthBuilder runs = new RunLengthBuilder(rows.length());
    PixelArea seen =
        PixelArea.of(boxes, row, 1, 1, inputColumns.length(), inputRows.length())
            .intersection(unpadded);
    if (!seen.isEmpty()) {
      values.compute(
          boxes.coefficients(), boxes.masks() * row, seen.sources(inputColumns, inputRows));
      atInputSize(seen);
      toImage(seen.movedBy(-unpadded.left(), -unpadded.top()), runs);
    }
    return runs.build((long) columns.length() * rows.length());
  }

  private void atInputSize(PixelArea seen) {
    int height = seen.height();
    if (input.length < seen.width() * height) {
      input = new byte[seen.width() * height];
    }
    for (int x = seen.left(); x < seen.right(); x++) {
      int at = (x - seen.left()) * height;
      values.column(inputColumns, x, inputRows, seen.top(), seen.bottom(), input, at);
    }
  }

  private void toImage(PixelArea seen, RunLengthBuilder runs) {
    PixelArea touched = seen.outputsTouching(columns, rows);
    for (int x = touched.left(); x < touched.right(); x++) {
      if (mix(seen, x)) {
        fill(seen, touched);
        runs.column(x, touched.top(), column, touched.height());
      }
    }
  }

  /** Resizes across with OpenCV's rounding; {@return whether any pixel is set}. */
  private boolean mix(PixelArea seen, int x) {
    int height = seen.height();
    boolean hasFirst = columns.first(x) >= seen.left();
    boolean hasSecond = columns.second(x) < seen.right();
    float fraction = columns.fraction(x);
    int a = hasFirst ? (int) Math.rint((1f - fraction) * ONE) : 0;
    int b = hasSecond ? (int) Math.rint(fraction * ONE) : 0;
    int first = hasFirst ? (columns.first(x) - seen.left()) * height : 0;
    int second = hasSecond ? (columns.second(x) - seen.left()) * height : 0;
    int any = 0;
    for (int y = 0; y < height; y++) {
      int sum = (a * input[first + y] + b * input[second + y]) >> 4;
      mixed[y] = sum;
      any |= sum;
    }
    return any != 0;
  }

  /** Resizes down with OpenCV's rounding, into the column. */
  private void fill(PixelArea seen, PixelArea touched) {
    int top = touched.top();
    for (int y = top; y < touched.bottom(); ) {
      int end = Math.min(rows.next(y), touched.bottom());
      int a = mixed(seen, rows.first(y));
      int b = mixed(seen, rows.second(y));
      if (a == b && (a == 0 || a == ONE >> 4)) {
        Arrays.fill(column, y - top, end - top, (byte) (a == 0 ? 0 : 1));
      } else {
        for (int i = y; i < end; i++) {
          float f = rows.fraction(i);
          int above = (int) Math.rint((1f - f) * ONE);
          int below = (int) Math.rint(f * ONE);
          int sum = ((above * a) >> 16) + ((below * b) >> 16);
          column[i - top] = (byte) ((sum + 2) >> 2);
        }
      }
      y = end;
    }
  }

  private int mixed(PixelArea seen, int row) {
    return row >= seen.top() && row < seen.bottom() ? mixed[row - seen.top()] : 0;
  }
}
