package ai.irmb.internal.postprocess;

import ai.irmb.internal.geometry.LetterboxGeometry;

/**
 * The masks of labeled outlines at the prototypes' resolution, as upstream's {@code segment/val.py}
 * has them: filled in the network's input, then resized bilinearly and cut at 0.5. Safe for
 * concurrent use.
 */
public final class OutlineMasks {
  private final LetterboxGeometry letterbox;
  private final AxisInterpolation columns;
  private final AxisInterpolation rows;

  /**
   * @param letterbox of the image in the network's input
   * @param prototypeWidth of the masks
   * @param prototypeHeight of the masks
   */
  public OutlineMasks(LetterboxGeometry letterbox, int prototypeWidth, int prototypeHeight) {
    this.letterbox = letterbox;
    this.columns = AxisInterpolation.torch(letterbox.width(), prototypeWidth);
    this.rows = AxisInterpolation.torch(letterbox.height(), prototypeHeight);
  }

  /**
   * {@return the mask of an outline}
   *
   * @param points x and y of each corner, relative to the image's size
   */
  public BinaryMask of(float[] points) {
    int[] xs = new int[points.length / 2];
    int[] ys = new int[xs.length];
    for (int i = 0; i < xs.length; i++) {
      // Single precision and truncation are upstream's.
      xs[i] = (int) (letterbox.resizedWidth() * points[2 * i] + (float) letterbox.padX());
      ys[i] = (int) (letterbox.resizedHeight() * points[2 * i + 1] + (float) letterbox.padY());
    }
    OutlineFill filled = new OutlineFill(xs, ys, letterbox.width(), letterbox.height());
    PixelArea area =
        new PixelArea(
                filled.left(),
                filled.top(),
                filled.left() + filled.width(),
                filled.top() + filled.height())
            .outputsTouching(columns, rows);
    return new BinaryMask(area, (x, y) -> resized(filled, x, y) > 0.5f);
  }

  private float resized(OutlineFill filled, int x, int y) {
    float down = rows.fraction(y);
    return (1 - down) * mixed(filled, x, rows.first(y)) + down * mixed(filled, x, rows.second(y));
  }

  private float mixed(OutlineFill filled, int x, int row) {
    float across = columns.fraction(x);
    return (1 - across) * (filled.contains(columns.first(x), row) ? 1 : 0)
        + across * (filled.contains(columns.second(x), row) ? 1 : 0);
  }
}
