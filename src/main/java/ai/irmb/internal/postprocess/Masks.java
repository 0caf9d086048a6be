package ai.irmb.internal.postprocess;

import ai.irmb.internal.geometry.LetterboxGeometry;
import ai.irmb.internal.geometry.LetterboxInverse;
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

  /**
   * {@return the mask of each box by the method of {@code segment/val.py --save-json}}
   *
   * <p>The mask is upsampled bilinearly to the network's input, cropped to the box there and
   * thresholded at 0.5; then the padding is removed and the binary mask is resized to the image.
   *
   * @param prototypes of the image
   * @param boxes in letterboxed pixels, with coefficients; not modified
   * @param letterbox of the resized image in the network's input
   * @param width of the image
   * @param height of the image
   */
  public static List<int[]> validation(
      Prototypes prototypes,
      ScoredBoxes boxes,
      LetterboxGeometry letterbox,
      int width,
      int height) {
    check(prototypes, boxes);
    List<int[]> masks = new ArrayList<>(boxes.count());
    if (boxes.count() > 0) {
      LetterboxInverse inverse =
          new LetterboxInverse(
              (double) letterbox.resizedHeight() / height,
              letterbox.padX(),
              letterbox.padY(),
              width,
              height);
      StandardMasks maker =
          new StandardMasks(prototypes, letterbox.width(), letterbox.height(), inverse);
      for (int i = 0; i < boxes.count(); i++) {
        masks.add(maker.countsCroppedAtInput(boxes, i));
      }
    }
    return masks;
  }

  /**
   * {@return the mask of each box at the prototypes' resolution, cropped to the box there and
   * thresholded at 0.5, as {@code segment/val.py} compares it with the labels}
   *
   * @param prototypes of the image
   * @param boxes in letterboxed pixels, with coefficients; not modified
   * @param inputWidth of the network's input
   * @param inputHeight of the network's input
   */
  public static List<BinaryMask> atPrototypes(
      Prototypes prototypes, ScoredBoxes boxes, int inputWidth, int inputHeight) {
    check(prototypes, boxes);
    int width = prototypes.width();
    int height = prototypes.height();
    MaskRegion values = new MaskRegion(prototypes, new PixelArea(0, 0, width, height));
    float scaleX = (float) ((double) width / inputWidth);
    float scaleY = (float) ((double) height / inputHeight);
    List<BinaryMask> masks = new ArrayList<>(boxes.count());
    for (int i = 0; i < boxes.count(); i++) {
      PixelArea area = PixelArea.of(boxes, i, scaleX, scaleY, width, height);
      if (!area.isEmpty()) {
        values.compute(boxes.coefficients(), boxes.masks() * i, area);
      }
      masks.add(new BinaryMask(area, (x, y) -> values.value(x, y) > 0.5f));
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
