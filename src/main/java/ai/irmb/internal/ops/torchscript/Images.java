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
 * @param order how they lie
 */
public record Images(HostTensor pixels, Order order) {
  /** How the colours of a pixel lie. */
  public enum Order {
    /** (N, C, H, W): one plane after the other. */
    PLANAR,
    /** (N, H, W, C): the colours of a pixel together. */
    INTERLEAVED
  }

  /**
   * @throws IllegalArgumentException if the elements are of another type or have not four axes
   */
  public Images {
    requireNonNull(order, "order");
    DType type = pixels.dtype();
    if ((type != DType.U8 && type != DType.F32) || pixels.shape().rank() != 4) {
      throw new IllegalArgumentException(
          "images are U8 or F32 with four axes, not " + type + pixels.shape());
    }
  }

  /** {@return images of one plane after the other, (N, C, H, W)} */
  public static Images planar(HostTensor pixels) {
    return new Images(pixels, Order.PLANAR);
  }

  /** {@return images whose colours lie together, (N, H, W, C)} */
  public static Images interleaved(HostTensor pixels) {
    return new Images(pixels, Order.INTERLEAVED);
  }

  /** {@return the sizes as a network sees them, (N, C, H, W)} */
  public Shape shape() {
    Shape s = pixels.shape();
    return order == Order.PLANAR ? s : Shape.of(s.get(0), s.get(3), s.get(1), s.get(2));
  }
}
