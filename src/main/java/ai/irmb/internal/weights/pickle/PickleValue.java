package ai.irmb.internal.weights.pickle;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value in a pickle: inert data.
 *
 * <p>Values may share parts and may contain themselves. Containers therefore compare by identity
 * and print without their content: no method here recurses. Values change only while the pickle is
 * read; afterwards they are safe for concurrent use.
 *
 * <p>Values that compare by content are Comparable and hash by {@link KeyHash}: a dict then stays
 * fast, even if a file chooses keys with equal hashes. Their {@code equals} and {@code hashCode}
 * are written out for a fast start, see {@code docs/decisions/start-up.md}.
 */
public sealed interface PickleValue {

  /** Python's {@code None}. */
  enum None implements PickleValue {
    /** The only instance. */
    NONE
  }

  /**
   * Python's {@code bool}.
   *
   * @param value of it
   */
  record Bool(boolean value) implements PickleValue {
    static final Bool TRUE = new Bool(true);
    static final Bool FALSE = new Bool(false);
  }

  /**
   * An integer that fits 64 bits.
   *
   * @param value of it
   */
  record Int(long value) implements PickleValue, Comparable<Int> {
    @Override
    public int compareTo(Int other) {
      return Long.compare(value, other.value);
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Int other && value == other.value;
    }

    @Override
    public int hashCode() {
      return KeyHash.INTEGER.of(Long.hashCode(value));
    }
  }

  /**
   * An integer that does not fit 64 bits.
   *
   * @param value of it
   */
  record BigInt(BigInteger value) implements PickleValue, Comparable<BigInt> {
    @Override
    public int compareTo(BigInt other) {
      return value.compareTo(other.value);
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof BigInt other && value.equals(other.value);
    }

    @Override
    public int hashCode() {
      return KeyHash.BIG_INTEGER.of(value.hashCode());
    }
  }

  /**
   * A floating-point number.
   *
   * @param value of it
   */
  record Real(double value) implements PickleValue, Comparable<Real> {
    @Override
    public int compareTo(Real other) {
      return Double.compare(value, other.value);
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Real other && Double.compare(value, other.value) == 0;
    }

    @Override
    public int hashCode() {
      return KeyHash.REAL.of(Double.hashCode(value));
    }
  }

  /**
   * Text.
   *
   * @param value of it
   */
  record Text(String value) implements PickleValue, Comparable<Text> {
    @Override
    public int compareTo(Text other) {
      return value.compareTo(other.value);
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Text other && value.equals(other.value);
    }

    @Override
    public int hashCode() {
      return KeyHash.TEXT.of(value.hashCode());
    }
  }

  /** Python's {@code bytes} or {@code bytearray}. */
  final class Bytes implements PickleValue {
    private final byte[] value;

    Bytes(byte[] value) {
      this.value = value;
    }

    /** {@return a copy of the bytes} */
    public byte[] value() {
      return value.clone();
    }
  }

  /** A tuple. */
  final class Tuple implements PickleValue {
    static final Tuple EMPTY = new Tuple(List.of());

    private final List<PickleValue> items;

    Tuple(List<PickleValue> items) {
      this.items = Collections.unmodifiableList(items);
    }

    /** {@return the elements, unmodifiable} */
    public List<PickleValue> items() {
      return items;
    }
  }

  /** A list, a set or a frozen set. */
  final class Sequence implements PickleValue {
    /** The Python type of a sequence. */
    public enum Kind {
      /** A list. */
      LIST,
      /** A set or frozen set; elements are in file order and may repeat. */
      SET
    }

    private final Kind kind;
    private final List<PickleValue> items = new ArrayList<>(0);

    Sequence(Kind kind) {
      this.kind = kind;
    }

    /** {@return the Python type} */
    public Kind kind() {
      return kind;
    }

    /** {@return the elements, unmodifiable} */
    public List<PickleValue> items() {
      return Collections.unmodifiableList(items);
    }

    void addAll(List<PickleValue> more) {
      items.addAll(more);
    }
  }

  /** A dict, ordered dict or default dict; no key is set twice. */
  final class Dict implements PickleValue {
    private final Map<PickleValue, PickleValue> entries = new LinkedHashMap<>(4);

    /** {@return the entries in file order, unmodifiable} */
    public Map<PickleValue, PickleValue> entries() {
      return Collections.unmodifiableMap(entries);
    }

    /** {@return the value of a text key, or null} */
    public @Nullable PickleValue get(String key) {
      return entries.get(new Text(key));
    }

    /** {@return whether the key was new; if not, nothing changed} */
    boolean put(PickleValue key, PickleValue value) {
      return entries.putIfAbsent(canonical(key), value) == null;
    }

    /**
     * {@return the key to store: in Python {@code True}, {@code 1} and {@code 1.0} are equal keys}
     */
    private static PickleValue canonical(PickleValue key) {
      if (key instanceof Bool bool) {
        return new Int(bool.value() ? 1 : 0);
      }
      if (key instanceof Real real && real.value() == (long) real.value()) {
        return new Int((long) real.value());
      }
      return key;
    }
  }

  /**
   * The full name of a class or function, which is never looked up.
   *
   * @param module as written in the pickle
   * @param name within the module; dots have no meaning here
   */
  record Global(String module, String name) implements PickleValue, Comparable<Global> {
    @Override
    public int compareTo(Global other) {
      int byName = name.compareTo(other.name);
      return byName != 0 ? byName : module.compareTo(other.module);
    }

    /** {@return the two joined by a dot} */
    public String fullName() {
      return module + "." + name;
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Global other && name.equals(other.name) && module.equals(other.module);
    }

    @Override
    public int hashCode() {
      return KeyHash.GLOBAL.of(31 * module.hashCode() + name.hashCode());
    }
  }

  /** An instance of a class that is never looked up, with its arguments and state. */
  final class Instance implements PickleValue {
    private final Global type;
    private final Tuple arguments;
    private @Nullable PickleValue state;

    Instance(Global type, Tuple arguments) {
      this.type = type;
      this.arguments = arguments;
    }

    /** {@return the name of its class} */
    public Global type() {
      return type;
    }

    /** {@return the arguments of its constructor} */
    public Tuple arguments() {
      return arguments;
    }

    /** {@return the state that BUILD set, or null} */
    public @Nullable PickleValue state() {
      return state;
    }

    /** {@return its attributes; null if BUILD set no state or one that is not a dict} */
    public @Nullable Dict attributes() {
      if (state instanceof Dict dict) {
        return dict;
      }
      return state instanceof Tuple pair
              && pair.items().size() == 2
              && pair.items().get(0) instanceof Dict dict
          ? dict
          : null;
    }

    void build(PickleValue newState) {
      state = newState;
    }
  }

  /** A call of a name on the allow-list, recorded instead of made. */
  final class Call implements PickleValue {
    private final Global function;
    private final Tuple arguments;
    private final long offset;
    private @Nullable PickleValue state;

    Call(Global function, Tuple arguments, long offset) {
      this.function = function;
      this.arguments = arguments;
      this.offset = offset;
    }

    /** {@return the name of the function} */
    public Global function() {
      return function;
    }

    /** {@return its arguments} */
    public Tuple arguments() {
      return arguments;
    }

    /** {@return its byte offset, as errors report it} */
    public long offset() {
      return offset;
    }

    /** {@return the state that BUILD set, or null} */
    public @Nullable PickleValue state() {
      return state;
    }

    /** {@return whether BUILD may set a state; a tensor is complete with its arguments} */
    boolean takesState() {
      return !function.module().startsWith("torch");
    }

    void build(PickleValue newState) {
      state = newState;
    }
  }

  /**
   * A reference to data outside the pickle, such as a storage.
   *
   * @param id the id as pickled
   * @param offset its byte offset, as errors report it
   */
  record PersistentId(Tuple id, long offset) implements PickleValue {}
}
