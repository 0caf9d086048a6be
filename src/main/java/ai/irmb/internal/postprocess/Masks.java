package ai.irmb.internal.postprocess;

import java.util.ArrayList;
import java.util.List;

/**
 * Computes masks of the image from prototypes and coefficients, by either method of YOLOv5. Only
 * the area of an object's box is computed.
 *
 * <p>A mask is returned as alternating run lengths of unset and set pixels, in column-major order.
 */
public final class Masks {
  private Masks() {}

  /**
   * {@return the mask of each box, by YOLOv5's default method}
   *
   * <p>The mask is cropped to the box at the prototypes' resolution, upsampled bilinearly to the
   * network's input and thresholded at 0.5 ({@code process_mask}); then the padding is removed and
   * the binary mask is resized to the image ({@code scale_image}).
   *
   * @param prototypes of the image
   * @param boxes in letterboxed pixels, with coefficients; not modified
   * @param inputWidth of the network's input
   * @param inputHeight of the network's input
   * @param width of the image
   * @param height of the image
   * @throws IllegalArgumentException if there are not as many coefficients as prototypes
   */
  public static List<int[]> standard(
      Prototypes prototypes,
      ScoredBoxes boxes,
      int inputWidth,
      int inputHeight,
      int width,
      int height) {
    check(prototypes, boxes);
    List<int[]> masks = new ArrayList<>(boxes.count());
    if (boxes.count() > 0) {
      StandardMasks maker = new StandardMasks(prototypes, inputWidth, inputHeight, width, height);
      for (int i = 0; i < boxes.count(); i++) {
        masks.add(maker.counts(boxes, i));
      }
    }
    return masks;
  }

  /**
   * {@return the mask of each box, by YOLOv5's {@code --retina-masks}}
   *
   * <p>The padding is removed from the prototypes; the mask is upsampled bilinearly to the image,
   * cropped to the box with rounded sides and thresholded at 0.5 ({@code process_mask_native}).
   *
   * @param prototypes of the image
   * @param boxes in original pixels, with coefficients; not modified
   * @param width of the image
   * @param height of the image
   * @throws IllegalArgumentException if there are not as many coefficients as prototypes
   */
  public static List<int[]> retina(
      Prototypes prototypes, ScoredBoxes boxes, int width, int height) {
    check(prototypes, boxes);
    List<int[]> masks = new ArrayList<>(boxes.count());
    if (boxes.count() > 0) {
      RetinaMasks maker = new RetinaMasks(prototypes, width, height);
      for (int i = 0; i < boxes.count(); i++) {
        masks.add(maker.counts(boxes, i));
      }
    }
    return masks;
  }

  private static void check(Prototypes prototypes, ScoredBoxes boxes) {
    if (boxes.masks() != prototypes.count()) {
      throw new IllegalArgumentException(
          boxes.masks() + " coefficients per box for " + prototypes.count() + " prototypes");
    }
  }
}
