package ai.irmb.internal.postprocess;

/** Both mask rules as plainly as they can be said: whole maps in doubles, one pixel at a time. */
final class NaiveMasks {
  private NaiveMasks() {}

  /** A map, row by row. */
  static final class Grid {
    private final int width;
    private final int height;
    private final double[] values;

    Grid(int width, int height, double[] values) {
      this.width = width;
      this.height = height;
      this.values = values;
    }

    int width() {
      return width;
    }

    int height() {
      return height;
    }

    double at(int x, int y) {
      return values[
          Math.max(0, Math.min(y, height - 1)) * width + Math.max(0, Math.min(x, width - 1))];
    }

    /** {@return the value between four pixels, of which the centres are at halves} */
    double between(double x, double y) {
      int left = (int) Math.floor(x - 0.5);
      int top = (int) Math.floor(y - 0.5);
      double fx = x - 0.5 - left;
      double fy = y - 0.5 - top;
      return (1 - fy) * ((1 - fx) * at(left, top) + fx * at(left + 1, top))
          + fy * ((1 - fx) * at(left, top + 1) + fx * at(left + 1, top + 1));
    }

    Grid resized(int toWidth, int toHeight) {
      double[] out = new double[toWidth * toHeight];
      for (int i = 0; i < out.length; i++) {
        int x = i % toWidth;
        int y = i / toWidth;
        out[i] = between((x + 0.5) * width / toWidth, (y + 0.5) * height / toHeight);
      }
      return new Grid(toWidth, toHeight, out);
    }

    /** {@return zero where a pixel's index is not in [x1, x2) and [y1, y2)} */
    Grid cropped(double x1, double y1, double x2, double y2) {
      double[] out = values.clone();
      for (int i = 0; i < out.length; i++) {
        int x = i % width;
        int y = i / width;
        if (!(x >= x1 && x < x2 && y >= y1 && y < y2)) {
          out[i] = 0;
        }
      }
      return new Grid(width, height, out);
    }

    /** {@return the part that shows an image of this size} */
    Grid unpadded(int imageWidth, int imageHeight) {
      double gain = Math.min((double) height / imageHeight, (double) width / imageWidth);
      double padX = (width - imageWidth * gain) / 2;
      double padY = (height - imageHeight * gain) / 2;
      int left = (int) padX;
      int top = (int) padY;
      int right = (int) (width - padX);
      int bottom = (int) (height - padY);
      double[] out = new double[(right - left) * (bottom - top)];
      for (int i = 0; i < out.length; i++) {
        out[i] = at(left + i % (right - left), top + i / (right - left));
      }
      return new Grid(right - left, bottom - top, out);
    }

    Grid overHalf() {
      double[] out = new double[values.length];
      for (int i = 0; i < out.length; i++) {
        out[i] = values[i] > 0.5 ? 1 : 0;
      }
      return new Grid(width, height, out);
    }
  }

  static Grid values(Prototypes prototypes, ScoredBoxes rows, int row) {
    int plane = prototypes.width() * prototypes.height();
    double[] out = new double[plane];
    for (int i = 0; i < plane; i++) {
      double sum = 0;
      for (int k = 0; k < prototypes.count(); k++) {
        sum +=
            (double) rows.coefficients()[rows.masks() * row + k] * prototypes.data()[k * plane + i];
      }
      out[i] = 1 / (1 + Math.exp(-sum));
    }
    return new Grid(prototypes.width(), prototypes.height(), out);
  }

  /** {@return the mask of the image; resized as real numbers where upstream has bytes} */
  static Grid standard(
      Prototypes prototypes,
      ScoredBoxes rows,
      int row,
      int inputWidth,
      int inputHeight,
      int width,
      int height) {
    double scaleX = (double) prototypes.width() / inputWidth;
    double scaleY = (double) prototypes.height() / inputHeight;
    float[] b = rows.boxes();
    int at = 4 * row;
    return values(prototypes, rows, row)
        .cropped(b[at] * scaleX, b[at + 1] * scaleY, b[at + 2] * scaleX, b[at + 3] * scaleY)
        .resized(inputWidth, inputHeight)
        .overHalf()
        .unpadded(width, height)
        .resized(width, height)
        .overHalf();
  }

  static Grid retina(Prototypes prototypes, ScoredBoxes rows, int row, int width, int height) {
    float[] b = rows.boxes();
    int at = 4 * row;
    return values(prototypes, rows, row)
        .unpadded(width, height)
        .resized(width, height)
        .cropped(Math.rint(b[at]), Math.rint(b[at + 1]), Math.rint(b[at + 2]), Math.rint(b[at + 3]))
        .overHalf();
  }
}
