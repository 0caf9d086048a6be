package ai.irmb.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The sizes of a tensor, outermost first; feature maps are (N, C, H, W). Immutable.
 *
 * @param sizes each at least 0
 */
public record Shape(List<Long> sizes) {
  /**
   * @throws IllegalArgumentException if a size is negative
   */
  public Shape {
    sizes = List.copyOf(sizes);
    for (long size : sizes) {
      if (size < 0) {
        throw new IllegalArgumentException("a size is negative: " + sizes);
      }
    }
  }

  /** {@return the shape with these sizes} */
  public static Shape of(long... sizes) {
    Long[] boxed = new Long[sizes.length];
    Arrays.setAll(boxed, i -> sizes[i]);
    return new Shape(List.of(boxed));
  }

  /** {@return the number of axes} */
  public int rank() {
    return sizes.size();
  }

  /**
   * {@return the size of an axis, counted from the front}
   *
   * @throws IllegalArgumentException if there is no such axis
   */
  public long get(int axis) {
    if (axis < 0 || axis >= sizes.size()) {
      throw new IllegalArgumentException("the shape " + this + " has no axis " + axis);
    }
    return sizes.get(axis);
  }

  /**
   * {@return the number of elements}
   *
   * @throws ArithmeticException if it does not fit 64 bits
   */
  public long elements() {
    if (sizes.contains(0L)) {
      return 0;
    }
    long product = 1;
    for (long size : sizes) {
      product = Math.multiplyExact(product, size);
    }
    return product;
  }

  /** {@return the sizes as a new array} */
  public long[] toArray() {
    long[] array = new long[sizes.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = sizes.get(i);
    }
    return array;
  }

  /** {@return the sizes as Python writes them, {@code (32, 3, 6, 6)}} */
  @Override
  public String toString() {
    return sizes.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
  }

  // Written out for a fast start, see docs/decisions/start-up.md.
  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Shape other && sizes.equals(other.sizes);
  }

  @Override
  public int hashCode() {
    return sizes.hashCode();
  }
}
