package ai.irmb.ops;

import static java.util.Objects.requireNonNull;

import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import java.util.function.Supplier;

/**
 * A trained array that an operation uses. Its values are loaded on demand, so a network can be
 * described, counted and exported without holding them.
 *
 * <p>Equality is identity: an interpretation creates its array once per weight object. Immutable,
 * safe for concurrent use.
 */
public final class Weight {
  private final String name;
  private final Shape shape;
  private final Supplier<HostTensor> source;

  /**
   * @param name for messages and exports, usually the PyTorch key
   * @param shape of the values
   * @param source computes the values, in any floating-point type; called for each load
   */
  public Weight(String name, Shape shape, Supplier<HostTensor> source) {
    this.name = requireNonNull(name, "name");
    this.shape = requireNonNull(shape, "shape");
    this.source = requireNonNull(source, "source");
  }

  /** {@return a weight with single-precision values} */
  public static Weight of(String name, Shape shape, Supplier<float[]> values) {
    return new Weight(name, shape, () -> HostTensor.of(shape, values.get()));
  }

  /** {@return the name for messages and exports} */
  public String name() {
    return name;
  }

  /** {@return the sizes} */
  public Shape shape() {
    return shape;
  }

  /** {@return the values, computed by this call} */
  public HostTensor load() {
    return source.get();
  }

  @Override
  public String toString() {
    return name + shape;
  }
}
