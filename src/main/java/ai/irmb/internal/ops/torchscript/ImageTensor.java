package ai.irmb.internal.ops.torchscript;

import static java.util.Objects.requireNonNull;

import ai.irmb.tensor.DType;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;

/**
 * The input of a network: a batch of images. The engine divides bytes by 255. A direct buffer is
 * not copied on a CPU. Immutable.
 *
 * @param pixels U8 or F32
 * @param layout order of the axes
 */
public record ImageTensor(HostTensor pixels, Layout layout) {
  /** The order of the axes. */
  public enum Layout {
    /** (N, C, H, W): one plane per color. */
    PLANAR,
    /** (N, H, W, C): the colors of a pixel are adjacent. */
    INTERLEAVED
  }

  /**
   * @throws IllegalArgumentException if the elements have another type, or there are not four axes
   */
  public ImageTensor {
    requireNonNull(layout, "order");
    DType type = pixels.dtype();
    if ((type != DType.U8 && type != DType.F32) || pixels.shape().rank() != 4) {
      throw new IllegalArgumentException(
          "images are U8 or F32 with four axes, not " + type + pixels.shape());
    }
  }

  /** {@return a batch of (N, C, H, W)} */
  public static ImageTensor planar(HostTensor pixels) {
    return new ImageTensor(pixels, Layout.PLANAR);
  }

  /** {@return a batch of (N, H, W, C)} */
  public static ImageTensor interleaved(HostTensor pixels) {
    return new ImageTensor(pixels, Layout.INTERLEAVED);
  }

  /** {@return the shape as (N, C, H, W), whatever the layout} */
  public Shape shape() {
    Shape s = pixels.shape();
    return layout == Layout.PLANAR ? s : Shape.of(s.get(0), s.get(3), s.get(1), s.get(2));
  }
}
