package ai.irmb.block;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.LongStream;

/**
 * An attribute of a module: a constructor argument that PyTorch keeps as plain data, such as a
 * stride. Immutable.
 */
public sealed interface Attribute {
  /** True or false. */
  record BoolAttribute(boolean value) implements Attribute {
    @Override
    public String toString() {
      return String.valueOf(value);
    }
  }

  /** An integer. */
  record IntAttribute(long value) implements Attribute {
    @Override
    public String toString() {
      return String.valueOf(value);
    }
  }

  /** A floating-point number; may be infinite or NaN. */
  record DoubleAttribute(double value) implements Attribute {
    @Override
    public String toString() {
      return String.valueOf(value);
    }
  }

  /** Text. */
  record StringAttribute(String value) implements Attribute {
    /** Rejects null. */
    public StringAttribute {
      requireNonNull(value, "value");
    }

    @Override
    public String toString() {
      return value;
    }
  }

  /** A list or tuple. */
  record ListAttribute(List<Attribute> values) implements Attribute {
    /** Copies the list. */
    public ListAttribute {
      values = List.copyOf(values);
    }

    @Override
    public String toString() {
      return values.toString();
    }
  }

  /** {@return true or false} */
  static Attribute of(boolean value) {
    return new BoolAttribute(value);
  }

  /** {@return an integer} */
  static Attribute of(long value) {
    return new IntAttribute(value);
  }

  /** {@return a floating-point number} */
  static Attribute of(double value) {
    return new DoubleAttribute(value);
  }

  /** {@return text} */
  static Attribute of(String value) {
    return new StringAttribute(value);
  }

  /** {@return a list of integers} */
  static Attribute listOf(long... values) {
    return new ListAttribute(LongStream.of(values).mapToObj(Attribute::of).toList());
  }

  /** {@return the elements of a list, or the value itself as the only element} */
  default List<Attribute> elements() {
    return this instanceof ListAttribute list ? list.values() : List.of(this);
  }
}
