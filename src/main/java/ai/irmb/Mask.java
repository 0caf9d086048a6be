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
 * A binary mask of an image: the pixels of one object.
 *
 * <p>Stored as COCO's run-length encoding: alternating run lengths of unset and set pixels, in
 * column-major order. That takes about 8 bytes per column of the object, whatever the image's size.
 * Immutable and safe for concurrent use.
 */
public final class Mask {
  /** Bits per character of COCO's compressed counts; a sixth bit marks that more follow. */
  private static final int GROUP = 5;

  /** Tolerance in pixels: smooths the steps of a slanted edge. */
  private static final double SMOOTHING = 0.75;

  private final int width;
  private final int height;

  /** The end index of each run; the last is the number of pixels. */
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
   * @param counts run lengths, the first of unset pixels; may be 0; copied
   * @throws IllegalArgumentException if the runs do not sum up to the number of pixels
   */
  public static Mask of(int width, int height, int[] counts) {
    int[] ends = new int[requireNonNull(counts, "counts").length + 2];
    int runs = 1;
    long end = 0;
    boolean isValid = width >= 1 && height >= 1 && (long) width * height <= Integer.MAX_VALUE;
    for (int i = 0; i < counts.length && isValid; i++) {
      isValid = counts[i] >= 0;
      end += counts[i];
      if (counts[i] > 0) {
        // An empty run merges with its neighbors, so that equal masks have equal runs.
        runs = i % 2 == (runs - 1) % 2 ? runs : runs + 1;
        ends[runs - 1] = (int) end;
      }
    }
    if (!isValid || end != (long) width * height) {
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

  /** {@return the number of set pixels} */
  public int area() {
    return area;
  }

  /**
   * {@return whether a pixel is set}
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

  /** {@return the run lengths, the first of unset pixels: COCO's uncompressed counts} */
  public int[] counts() {
    int[] counts = ends.clone();
    for (int i = counts.length - 1; i > 0; i--) {
      counts[i] -= counts[i - 1];
    }
    return counts;
  }

  /** {@return COCO's compressed run-length encoding, the {@code counts} string of its tools} */
  public String toCocoRle() {
    int[] counts = counts();
    StringBuilder text = new StringBuilder(3 * counts.length);
    for (int i = 0; i < counts.length; i++) {
      // From the fourth run on, the difference to the run two before it is encoded.
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

  /** {@return the set pixels in row-major order: bit {@code y * width + x}} */
  public BitSet toBitSet() {
    BitSet bits = new BitSet(width * height);
    forEachColumnRun((x, y, end) -> set(bits, x, y, end, width));
    return bits;
  }

  private static void set(BitSet bits, int x, int y, int end, int width) {
    for (int i = y; i < end; i++) {
      bits.set(i * width + x);
    }
  }

  /** {@return a grayscale image of the same size, 255 for set pixels, else 0} */
  public BufferedImage toBufferedImage() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    int[] white = new int[height];
    Arrays.fill(white, 255);
    forEachColumnRun((x, y, end) -> image.getRaster().setSamples(x, y, 1, end - y, 0, white));
    return image;
  }

  /** Receives the part of a run within one column, from row y to before row end. */
  @FunctionalInterface
  private interface ColumnRun {
    void take(int x, int y, int end);
  }

  private void forEachColumnRun(ColumnRun piece) {
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
   * {@return this mask translated into a larger image}
   *
   * @param left column of this mask's first column in the larger image
   * @param top row of this mask's first row in the larger image
   * @param newWidth of the larger image
   * @param newHeight of the larger image
   */
  Mask translated(int left, int top, int newWidth, int newHeight) {
    List<Run> runs = new ArrayList<>();
    forEachColumnRun(
        (x, y, end) -> {
          int column = (x + left) * newHeight + top;
          runs.add(new Run(column + y, column + end));
        });
    return of(newWidth, newHeight, runs);
  }

  /** {@return the union with another mask of the same image} */
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

  /** A run of set pixels, by column-major index. */
  private record Run(int start, int end) {}

  /** {@return a mask of runs that are sorted by start and may overlap} */
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
   * {@return the outlines along pixel edges, by descending area; none if the mask is empty}
   *
   * <p>Pixels are connected diagonally too. All outlines, filled by the even-odd rule, cover
   * exactly the set pixels.
   */
  public List<Polygon> polygons() {
    if (area == 0) {
      return List.of();
    }
    int[] bounds = {width, height, 0, 0};
    forEachColumnRun(
        (x, y, end) -> {
          bounds[0] = Math.min(bounds[0], x);
          bounds[1] = Math.min(bounds[1], y);
          bounds[2] = Math.max(bounds[2], x + 1);
          bounds[3] = Math.max(bounds[3], end);
        });
    int columns = bounds[2] - bounds[0];
    int rows = bounds[3] - bounds[1];
    BitSet bits = new BitSet(columns * rows);
    forEachColumnRun(
        (x, y, end) -> set(bits, x - bounds[0], y - bounds[1], end - bounds[1], columns));
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

  /**
   * {@return the outlines as they are written to files, by descending area; none if the mask is
   * empty}
   *
   * <p>Holes are among them. With {@link PolygonMode#CENTERS} the outline of a hole runs through
   * the set pixels around it, and an outline of one or two pixels repeats the last, because readers
   * expect three corners.
   */
  public List<Polygon> outlines(PolygonMode mode) {
    return polygons().stream()
        .map(p -> mode == PolygonMode.EDGES ? p.simplified(SMOOTHING) : p.throughCenters())
        .toList();
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
   * A closed outline in original pixels: along pixel edges, where (0, 0) is the upper left corner
   * of the image, or through pixels, where (0, 0) is the first one. Immutable and safe for
   * concurrent use.
   */
  public static final class Polygon {
    private final int[] corners;

    private Polygon(int[] corners) {
      this.corners = corners;
    }

    /** {@return the number of corners, at least 3} */
    public int size() {
      return corners.length / 2;
    }

    /** {@return the x coordinate of a corner} */
    public int x(int corner) {
      return corners[2 * corner];
    }

    /** {@return the y coordinate of a corner} */
    public int y(int corner) {
      return corners[2 * corner + 1];
    }

    /** {@return the corners as x0, y0, x1, y1 …} */
    public int[] toArray() {
      return corners.clone();
    }

    /** {@return the enclosed area in square pixels} */
    public double area() {
      return Math.abs(Contours.signedArea(corners));
    }

    /** {@return whether it encloses a hole; its corners are then in counterclockwise order} */
    public boolean isHole() {
      return Contours.signedArea(corners) < 0;
    }

    private Polygon throughCenters() {
      int[] centers = Contours.throughCenters(corners);
      int[] three = Arrays.copyOf(centers, Math.max(centers.length, 6));
      for (int i = centers.length; i < three.length; i++) {
        three[i] = three[i - 2];
      }
      return new Polygon(three);
    }

    /**
     * {@return an outline with fewer corners; no removed corner is farther from it than the
     * tolerance}
     *
     * <p>A tolerance of 0.75 removes the steps of a diagonal edge. The outline is returned
     * unchanged if fewer than three corners would remain.
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
