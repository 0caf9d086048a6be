package ai.irmb.internal.postprocess;

import java.util.ArrayList;
import java.util.List;

/**
 * From prototypes and coefficients to masks of the image, by either rule of upstream. Only what
 * lies in an object's box is computed.
 *
 * <p>A mask is given as runs: how many pixels are off, then on, then off and so on, down one column
 * after the other.
 */
public final class Masks {
  private Masks() {}

  /**
   * {@return each row's mask, as upstream makes them by default}
   *
   * <p>The mask is cut off at the box where the prototypes are, grown bilinearly to the network's
   * input and compared with one half ({@code process_mask}); then the padding is cut off and the
   * zeros and ones are resized to the image as its validation does ({@code scale_image}).
   *
   * @param prototypes of the image
   * @param rows boxes in letterboxed pixels, with coefficients; not modified
   * @param inputWidth of what the network saw
   * @param inputHeight of what the network saw
   * @param width of the image
   * @param height of the image
   * @throws IllegalArgumentException if there are not as many coefficients as prototypes
   */
  public static List<int[]> standard(
      Prototypes prototypes,
      ScoredBoxes rows,
      int inputWidth,
      int inputHeight,
      int width,
      int height) {
    check(prototypes, rows);
    List<int[]> masks = new ArrayList<>(rows.count());
    if (rows.count() > 0) {
      StandardMasks maker = new StandardMasks(prototypes, inputWidth, inputHeight, width, height);
      for (int i = 0; i < rows.count(); i++) {
        masks.add(maker.counts(rows, i));
      }
    }
    return masks;
  }

  /**
   * {@return each row's mask, as upstream makes them with {@code --retina-masks}}
   *
   * <p>The padding is cut off the prototypes, the mask is grown bilinearly to the image, cut off at
   * the image's box with rounded sides and compared with one half ({@code process_mask_native}).
   *
   * @param prototypes of the image
   * @param rows boxes in original pixels, with coefficients; not modified
   * @param width of the image
   * @param height of the image
   * @throws IllegalArgumentException if there are not as many coefficients as prototypes
   */
  public static List<int[]> retina(Prototypes prototypes, ScoredBoxes rows, int width, int height) {
    check(prototypes, rows);
    List<int[]> masks = new ArrayList<>(rows.count());
    if (rows.count() > 0) {
      RetinaMasks maker = new RetinaMasks(prototypes, width, height);
      for (int i = 0; i < rows.count(); i++) {
        masks.add(maker.counts(rows, i));
      }
    }
    return masks;
  }

  private static void check(Prototypes prototypes, ScoredBoxes rows) {
    if (rows.masks() != prototypes.count()) {
      throw new IllegalArgumentException(
          rows.masks() + " coefficients a row for " + prototypes.count() + " prototypes");
    }
  }
}
