package ai.irmb;

import static java.util.Objects.requireNonNull;

import ai.irmb.internal.postprocess.Contours;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which pixels of an image belong to an object.
 *
 * <p>Kept as runs, as COCO has them: how many pixels are off, then on, then off and so on, down one
 * column after the other from the left. That is some 8 bytes for each column of the object, however
 * large the image. Immutable and safe for concurrent use.
 */
public final class Mask {
  /** A run's length in COCO's text: groups of five bits, and one that says whether more follow. */
  private static final int GROUP = 5;

  private final int width;
  private final int height;

  /** Where each run ends; the last end is the number of pixels. */
  private final int[] ends;

  private final int area;

  private Mask(int width, int height, int[] ends) {
    this.width = width;
    this.height = height;
    this.ends = ends;
    int on = 0;
    for (int i = 1; i < ends.length; i += 2) {
      on += ends[i] - ends[i - 1];
    }
    this.area = on;
  }

  /**
   * {@return a mask of these runs}
   *
   * @param width of the image, at least 1
   * @param height of the image, at least 1
   * @param counts lengths of the runs, the first of pixels that are off; may be 0; not kept
   * @throws IllegalArgumentException if the runs are not of so many pixels
   */
  public static Mask of(int width, int height, int[] counts) {
    int[] ends = new int[requireNonNull(counts, "counts").length + 2];
    int runs = 1;
    long end = 0;
    boolean isRight = width >= 1 && height >= 1 && (long) width * height <= Integer.MAX_VALUE;
    for (int i = 0; i < counts.length && isRight; i++) {
      isRight = counts[i] >= 0;
      end += counts[i];
      if (counts[i] > 0) {
        // An empty run joins those beside it, so that equal masks have equal runs.
        runs = i % 2 == (runs - 1) % 2 ? runs : runs + 1;
        ends[runs - 1] = (int) end;
      }
    }
    if (!isRight || end != (long) width * height) {
      throw new IllegalArgumentException(
          "these runs, of " + end + " pixels, are no mask of " + width + " x " + height);
    }
    return new Mask(width, height, Arrays.copyOf(ends, runs));
  }

  /** {@return the image's width in pixels} */
  public int width() {
    return width;
  }

  /** {@return the image's height in pixels} */
  public int height() {
    return height;
  }

  /** {@return how many pixels are on} */
  public int area() {
    return area;
  }

  /**
   * {@return whether a pixel is on}
   *
   * @throws IndexOutOfBoundsException if it is not in the image
   */
  public boolean contains(int x, int y) {
    Objects.checkIndex(x, width);
    Objects.checkIndex(y, height);
    int found = Arrays.binarySearch(ends, x * height + y + 1);
    int run = found < 0 ? -found - 1 : found;
    return run % 2 == 1;
  }

  /** {@return the lengths of the runs, the first of pixels that are off: COCO's counts} */
  public int[] counts() {
    int[] counts = ends.clone();
    for (int i = counts.length - 1; i > 0; i--) {
      counts[i] -= counts[i - 1];
    }
    return counts;
  }

  /** {@return the runs in COCO's compressed text, which its tools read} */
  public String toCocoRle() {
    int[] counts = counts();
    StringBuilder text = new StringBuilder(3 * counts.length);
    for (int i = 0; i < counts.length; i++) {
      // From the fourth on, the difference to the run before the last one.
      long left = i > 2 ? (long) counts[i] - counts[i - 2] : counts[i];
      boolean more;
      do {
        int group = (int) left & ((1 << GROUP) - 1);
        left >>= GROUP;
        more = left != ((group & (1 << (GROUP - 1))) != 0 ? -1 : 0);
        text.append((char) ('0' + (more ? group | 1 << GROUP : group)));
      } while (more);
    }
    return text.toString();
  }

  /** {@return the pixels that are on, row by row: bit {@code y * width + x}} */
  public BitSet toBitSet() {
    BitSet bits = new BitSet(width * height);
    forEachPiece((x, y, end) -> set(bits, x, y, end, width));
    return bits;
  }

  private static void set(BitSet bits, int x, int y, int end, int width) {
    for (int i = y; i < end; i++) {
      bits.set(i * width + x);
    }
  }

  /** {@return the mask as a gray image of the image's size, 255 where it is on, else 0} */
  public BufferedImage toBufferedImage() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    int[] white = new int[height];
    Arrays.fill(white, 255);
    forEachPiece((x, y, end) -> image.getRaster().setSamples(x, y, 1, end - y, 0, white));
    return image;
  }

  /** A part of a run in one column, from row y to before row end. */
  @FunctionalInterface
  private interface Piece {
    void take(int x, int y, int end);
  }

  private void forEachPiece(Piece piece) {
    for (int i = 1; i < ends.length; i += 2) {
      for (int at = ends[i - 1]; at < ends[i]; ) {
        int x = at / height;
        int end = (int) Math.min(ends[i], (x + 1L) * height);
        piece.take(x, at - x * height, end - x * height);
        at = end;
      }
    }
  }

  /**
   * {@return this mask as a part of a larger image's}
   *
   * @param left the column that the first one becomes
   * @param top likewise the row
   * @param newWidth of the larger image
   * @param newHeight of the larger image
   */
  Mask placed(int left, int top, int newWidth, int newHeight) {
    List<Run> runs = new ArrayList<>();
    forEachPiece(
        (x, y, end) -> {
          int column = (x + left) * newHeight + top;
          runs.add(new Run(column + y, column + end));
        });
    return of(newWidth, newHeight, runs);
  }

  /** {@return the pixels that are on in either, of one image} */
  Mask or(Mask other) {
    List<Run> runs = new ArrayList<>();
    for (Mask mask : List.of(this, other)) {
      for (int i = 1; i < mask.ends.length; i += 2) {
        runs.add(new Run(mask.ends[i - 1], mask.ends[i]));
      }
    }
    runs.sort(Comparator.comparingInt(Run::start));
    return of(width, height, runs);
  }

  /** Pixels that are on, counted down one column after the other. */
  private record Run(int start, int end) {}

  /** From runs by their starts, which may overlap. */
  private static Mask of(int width, int height, List<Run> runs) {
    int[] counts = new int[2 * runs.size() + 1];
    int at = 0;
    int done = 0;
    for (Run run : runs) {
      counts[at++] = Math.max(run.start() - done, 0);
      counts[at++] = Math.max(run.end() - Math.max(run.start(), done), 0);
      done = Math.max(done, run.end());
    }
    counts[at] = width * height - done;
    return of(width, height, counts);
  }

  /**
   * {@return the outlines along the pixels' sides, the largest first; none if the mask is empty}
   *
   * <p>Pixels that touch at a corner belong together. All outlines, filled by the even-odd rule,
   * cover exactly the pixels that are on.
   */
  public List<Polygon> polygons() {
    if (area == 0) {
      return List.of();
    }
    int[] bounds = {width, height, 0, 0};
    forEachPiece(
        (x, y, end) -> {
          bounds[0] = Math.min(bounds[0], x);
          bounds[1] = Math.min(bounds[1], y);
          bounds[2] = Math.max(bounds[2], x + 1);
          bounds[3] = Math.max(bounds[3], end);
        });
    int columns = bounds[2] - bounds[0];
    int rows = bounds[3] - bounds[1];
    BitSet bits = new BitSet(columns * rows);
    forEachPiece((x, y, end) -> set(bits, x - bounds[0], y - bounds[1], end - bounds[1], columns));
    List<Polygon> polygons = new ArrayList<>();
    for (int[] corners : Contours.of(bits, columns, rows)) {
      for (int i = 0; i < corners.length; i++) {
        corners[i] += bounds[i % 2];
      }
      polygons.add(new Polygon(corners));
    }
    polygons.sort(Comparator.comparingDouble(Polygon::area).reversed());
    return polygons;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Mask mask
        && width == mask.width
        && height == mask.height
        && Arrays.equals(ends, mask.ends);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * width + height) + Arrays.hashCode(ends);
  }

  @Override
  public String toString() {
    return area + " of " + width + " x " + height + " pixels";
  }

  /**
   * A closed outline in original pixels, whose corners are corners of pixels: (0, 0) is the upper
   * left one of the image. Immutable and safe for concurrent use.
   */
  public static final class Polygon {
    private final int[] corners;

    private Polygon(int[] corners) {
      this.corners = corners;
    }

    /** {@return how many corners it has, at least 3} */
    public int size() {
      return corners.length / 2;
    }

    /** {@return how far to the right a corner is} */
    public int x(int corner) {
      return corners[2 * corner];
    }

    /** {@return how far down a corner is} */
    public int y(int corner) {
      return corners[2 * corner + 1];
    }

    /** {@return x and y of each corner in turn} */
    public int[] toArray() {
      return corners.clone();
    }

    /** {@return the area that it encloses, in square pixels} */
    public double area() {
      return Math.abs(Contours.signedArea(corners));
    }

    /** {@return whether it goes around pixels that are off; it then runs the other way} */
    public boolean isHole() {
      return Contours.signedArea(corners) < 0;
    }

    /**
     * {@return an outline with fewer of these corners, none of which is farther from it than this}
     *
     * <p>With 0.75 the steps of a slanting side vanish. One of less than three corners would be no
     * outline and stays as it is.
     *
     * @param tolerance in pixels, at least 0
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public Polygon simplified(double tolerance) {
      if (!(tolerance >= 0 && tolerance < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "tolerance: expected a number from 0 on, found " + tolerance);
      }
      int[] fewer = Contours.simplify(corners, tolerance);
      return fewer.length < 6 ? this : new Polygon(fewer);
    }
  }
}
