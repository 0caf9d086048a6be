package ai.irmb.internal.ops.torchscript;

import static java.util.Objects.requireNonNull;

import ai.irmb.tensor.DType;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;

/**
 * Images for a network. Bytes are divided by 255 by the engine; a direct buffer is read where it
 * lies. Immutable.
 *
 * @param pixels bytes or single-precision numbers
 * @param layout how they lie
 */
public record ImageTensor(HostTensor pixels, Layout layout) {
  /** How the colours of a pixel lie. */
  public enum Layout {
    /** (N, C, H, W): one plane after the other. */
    PLANAR,
    /** (N, H, W, C): the colours of a pixel together. */
    INTERLEAVED
  }

  /**
   * @throws IllegalArgumentException if the elements are of another type or have not four axes
   */
  public ImageTensor {
    requireNonNull(layout, "order");
    DType type = pixels.dtype();
    if ((type != DType.U8 && type != DType.F32) || pixels.shape().rank() != 4) {
      throw new IllegalArgumentException(
          "images are U8 or F32 with four axes, not " + type + pixels.shape());
    }
  }

  /** {@return images of one plane after the other, (N, C, H, W)} */
  public static ImageTensor planar(HostTensor pixels) {
    return new ImageTensor(pixels, Layout.PLANAR);
  }

  /** {@return images whose colours lie together, (N, H, W, C)} */
  public static ImageTensor interleaved(HostTensor pixels) {
    return new ImageTensor(pixels, Layout.INTERLEAVED);
  }

  /** {@return the sizes as a network sees them, (N, C, H, W)} */
  public Shape shape() {
    Shape s = pixels.shape();
    return layout == Layout.PLANAR ? s : Shape.of(s.get(0), s.get(3), s.get(1), s.get(2));
  }
}
